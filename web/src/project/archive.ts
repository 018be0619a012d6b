// Projects in and out: zip files, folders and single files.

import { strToU8, unzipSync, zipSync, type Zippable } from "fflate";
import type { FileBytes } from "../engine/protocol";
import { textOrBytes } from "./text";

const kMaxFileBytes = 2 << 20;
const kMaxProjectBytes = 50 << 20;
const leftOut = /(^|\/)(\.git|\.hg|\.svn|node_modules|\.venv|venv|env|__pycache__|\.mypy_cache|\.pytest_cache|\.tox|dist|build|\.idea|\.covetpy-migrate|__MACOSX)(\/|$)|\.(pyc|pyo|so|dll|exe|png|jpe?g|gif|ico|woff2?|ttf|pdf|sqlite3?|db|zip|gz|tar)$|(^|\/)\.DS_Store$/i;

/** What was read, and the paths of files that were too large. */
export interface ReadProject {
    files: Map<string, FileBytes>;
    tooLarge: string[];
}

export const isProjectFile = (path: string): boolean => path !== "" && !path.endsWith("/") && !leftOut.test(path);

/** A project that lies in one folder of the archive is taken out of it. */
export function withoutCommonFolder<T>(files: Map<string, T>): Map<string, T> {
    const paths = [...files.keys()];
    const folder = paths[0]?.split("/")[0];
    if (!folder || !paths.every((path) => path.startsWith(`${folder}/`))) return files;
    // A package is part of the imports' names; a folder without __init__.py is only where it lay.
    if (files.has(`${folder}/__init__.py`)) return files;
    return new Map([...files].map(([path, value]) => [path.slice(folder.length + 1), value]));
}

const isSafe = (path: string): boolean => !path.startsWith("/") && !path.split("/").includes("..");

/** Takes the files of a project by their sizes, before anything is read or unpacked. */
class Selection {
    readonly tooLarge: string[] = [];
    private bytes = 0;

    takes(path: string, size: number): boolean {
        if (!isProjectFile(path)) return false;
        if (size > kMaxFileBytes) {
            this.tooLarge.push(path);
            return false;
        }
        this.bytes += size;
        if (this.bytes > kMaxProjectBytes) throw new Error("the project is larger than 50 MB; use the command line program");
        return true;
    }

    collect(entries: Iterable<[string, Uint8Array]>): ReadProject {
        const files = new Map<string, FileBytes>();
        for (const [path, content] of entries) files.set(path, textOrBytes(content));
        if (files.size === 0)
            throw new Error(this.tooLarge.length ? "its files are larger than 2 MB each; use the command line program" : "there is no source file in it");
        return { files: withoutCommonFolder(files), tooLarge: this.tooLarge };
    }
}

export function readZip(bytes: Uint8Array): ReadProject {
    const selection = new Selection();
    const entries = unzipSync(bytes, { filter: (entry) => isSafe(entry.name) && selection.takes(entry.name, entry.originalSize) });
    return selection.collect(Object.entries(entries));
}

/** Times are fixed, so that the same project gives the same archive. */
export function writeZip(files: Iterable<[string, FileBytes]>): Uint8Array {
    const entries: Zippable = {};
    for (const [path, content] of files) entries[path] = typeof content === "string" ? strToU8(content) : content;
    return zipSync(entries, { level: 6, mtime: new Date(2000, 0, 1) });
}

/** Files of a file input or of a drop, folders included. */
export async function readFileList(list: Iterable<File>): Promise<ReadProject> {
    const selection = new Selection();
    const entries: [string, Uint8Array][] = [];
    const all = [...list];
    if (all.length === 1 && /\.zip$/i.test(all[0]!.name)) return readZip(new Uint8Array(await all[0]!.arrayBuffer()));
    for (const file of all) {
        const path = file.webkitRelativePath || file.name;
        if (selection.takes(path, file.size)) entries.push([path, new Uint8Array(await file.arrayBuffer())]);
    }
    return selection.collect(entries);
}

/** A dropped folder gives entries, not files; they are read level by level. */
export async function readDrop(transfer: DataTransfer): Promise<ReadProject> {
    const roots = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry != null);
    const files: File[] = [...transfer.files];
    if (!roots.some((entry) => entry.isDirectory)) return readFileList(files);
    const selection = new Selection();
    const entries: [string, Uint8Array][] = [];
    const queue: FileSystemEntry[] = roots;
    for (let entry = queue.pop(); entry; entry = queue.pop()) {
        const path = entry.fullPath.replace(/^\//, "");
        if (entry.isDirectory) {
            if (!leftOut.test(path)) queue.push(...(await children(entry as FileSystemDirectoryEntry)));
        } else if (isProjectFile(path)) {
            const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
            if (selection.takes(path, file.size)) entries.push([path, new Uint8Array(await file.arrayBuffer())]);
        }
    }
    return selection.collect(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
    const reader = folder.createReader();
    const all: FileSystemEntry[] = [];
    for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) return all;
        all.push(...some);
    }
}
