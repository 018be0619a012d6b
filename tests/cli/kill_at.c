/* Preloaded into the program under test: SIGKILL before the n-th call that changes the disk.
 *
 *   COVET_KILL_AT=n     which call, counted from 1; 0 or unset: none
 *   COVET_COUNT_FILE=f  where the number of such calls goes at the end of the process
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static unsigned long calls;

static void count(void) {
    static long at = -1;
    if (at < 0) {
        const char *text = getenv("COVET_KILL_AT");
        at = text ? atol(text) : 0;
    }
    if (++calls == (unsigned long)at) kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("COVET_COUNT_FILE");
    char text[32];
    int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
    if (file < 0) return;
    int size = snprintf(text, sizeof text, "%lu\n", calls);
    (void)!syscall(SYS_write, file, text, size);
    syscall(SYS_close, file);
}

#define FORWARD(result, name, parameters, arguments)                                                                   \
    result name parameters {                                                                                           \
        static result(*real) parameters;                                                                               \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                                                          \
        count();                                                                                                       \
        return real arguments;                                                                                         \
    }

FORWARD(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
FORWARD(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
FORWARD(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
FORWARD(int, fsync, (int fd), (fd))
FORWARD(int, fdatasync, (int fd), (fd))
FORWARD(int, syncfs, (int fd), (fd))
FORWARD(int, ftruncate, (int fd, off_t size), (fd, size))
FORWARD(int, ftruncate64, (int fd, off64_t size), (fd, size))
FORWARD(int, rename, (const char *from, const char *to), (from, to))
FORWARD(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
FORWARD(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags))
FORWARD(int, link, (const char *from, const char *to), (from, to))
FORWARD(int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
FORWARD(int, unlink, (const char *path), (path))
FORWARD(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
FORWARD(int, remove, (const char *path), (path))
FORWARD(int, rmdir, (const char *path), (path))
FORWARD(int, mkdir, (const char *path, mode_t mode), (path, mode))
FORWARD(int, mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode))
FORWARD(int, fchmod, (int fd, mode_t mode), (fd, mode))
