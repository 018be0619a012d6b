"""Connections that are cut and signals at each stage of a load: the error says so, nobody sees a part of the data, and the
same command again ends with the right data."""

import signal
import socket
import time
import unittest

from servers import STAGES, Proxy, ServerCase, main


class Restarting(Proxy):
    """Answers nobody for a while after it has cut the connections."""

    def strike(self):
        port = self.listener.getsockname()[1]
        self.open = False
        self.accepting.join()
        self.listener.close()
        super().strike()
        time.sleep(1.5)
        self.listener = socket.create_server(("127.0.0.1", port))
        self.listen()


class Faults(ServerCase):
    count = 3000

    def all_or_nothing(self, server, url, stage):
        seen = [table for table in server.tables(url) if not table.startswith("covet_stage_")]
        self.assertIn(seen, ([], self.tables), stage)
        if seen:
            self.ok("verify", self.project, "--url", url)
        return bool(seen)

    def again(self, server, url, stage):
        self.ok(*self.load_args(url))
        self.ok("verify", self.project, "--url", url)
        self.assertEqual(server.tables(url), self.tables, stage)
        self.ok("rollback", self.project, "--url", url)
        self.assertEqual(server.tables(url), [], stage)

    def cuts(self, kind):
        server = self.server(kind)
        url = self.fresh(server)
        for words, after in STAGES[kind]:
            with self.subTest(words=words, after=after):
                proxy = Proxy(url, words, after=after, cut=True)
                proxy.process = self.start(*self.load_args(proxy.url))
                out, err = proxy.process.communicate(timeout=60)
                proxy.close()
                told = f"{words}\n{out}\n{err}"
                self.assertTrue(proxy.hit.is_set(), f"nobody said {told}")
                if proxy.process.returncode == 0:
                    self.assertTrue(self.all_or_nothing(server, url, told), told)
                else:
                    self.assertEqual(proxy.process.returncode, 5, told)
                    self.assertIn("connect", err)
                    self.assertIn("help", err)
                    self.all_or_nothing(server, url, told)
                self.again(server, url, told)
        server.drop(url)

    def test_postgresql_cuts(self):
        self.cuts("postgresql")

    def test_mysql_cuts(self):
        self.cuts("mysql")

    def restart(self, kind, words):
        """The server is gone in the middle, and nobody answers for some time."""
        server = self.server(kind)
        url = self.fresh(server)
        proxy = Restarting(url, words, after=0.0, cut=True)
        done = self.run_cli(*self.load_args(proxy.url))
        proxy.close()
        self.assertTrue(proxy.hit.is_set())
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual(server.tables(url), [], done.stderr)
        self.again(server, url, done.stderr)
        server.drop(url)

    def test_postgresql_restarts(self):
        self.restart("postgresql", "COPY [^;]*orders")

    def test_mysql_restarts(self):
        self.restart("mysql", "LOAD DATA")

    def gone(self, kind, words):
        """The server does not come back while we wait: the next command undoes what there is."""
        server = self.server(kind)
        url = self.fresh(server)
        proxy = Proxy(url, words, after=0.0, cut=True)
        proxy.process = self.start(*self.load_args(proxy.url))
        self.assertTrue(proxy.hit.wait(30))
        proxy.close()
        _, err = proxy.process.communicate(timeout=90)
        self.assertEqual(proxy.process.returncode, 8, err)
        self.assertRegex(err, "help: when the database answers again, the same command once more")
        self.again(server, url, err)
        server.drop(url)

    def test_postgresql_is_gone(self):
        self.gone("postgresql", "COPY [^;]*orders")

    def test_mysql_is_gone(self):
        self.gone("mysql", "LOAD DATA")

    def interrupts(self, kind):
        server = self.server(kind)
        url = self.fresh(server)
        for words, after in STAGES[kind]:
            with self.subTest(words=words, after=after):
                proxy = Proxy(url, words, after=after, signal=signal.SIGINT)
                proxy.process = self.start(*self.load_args(proxy.url))
                self.assertTrue(proxy.hit.wait(30), words)
                begin = time.monotonic()
                out, err = proxy.process.communicate(timeout=60)
                took = time.monotonic() - begin
                proxy.close()
                told = f"{words}\n{out}\n{err}"
                self.assertLess(took, 10, told)
                if proxy.process.returncode == 0:
                    self.assertTrue(self.all_or_nothing(server, url, told), told)
                else:
                    self.assertEqual(proxy.process.returncode, 130, told)
                    self.assertEqual(server.tables(url), [], told)
                self.assertEqual(server.locks(url), [], told)
                self.again(server, url, told)
        server.drop(url)

    def test_postgresql_interrupts(self):
        self.interrupts("postgresql")

    def test_mysql_interrupts(self):
        self.interrupts("mysql")


if __name__ == "__main__":
    main()
