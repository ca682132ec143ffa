"""A pretended mail server."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.image.containers import docker


@dataclass
class MailServer:
    """Where it listens, and the letters that it took."""

    host: str
    port: int = 0
    letters: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)


def _handler(mail: MailServer) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.test")
            for line in iter(self._line, ""):
                verb = line.split(maxsplit=1)[0].upper()
                if verb == "MAIL":
                    mail.senders.append(line.partition("<")[2].partition(">")[0])
                if verb == "DATA":
                    self._say("354 go on")
                    mail.letters.append("\n".join(iter(self._line, ".")))
                self._say("221 bye" if verb == "QUIT" else "250 mail.test")

        def _line(self) -> str:
            return self.rfile.readline().decode().rstrip("\r\n")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    return Handler


@contextlib.contextmanager
def server(network: str) -> Iterator[MailServer]:
    """Take mail on the network of the containers; knows no TLS and no log-in."""
    gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network).stdout.strip()
    mail = MailServer(gateway)
    with socketserver.ThreadingTCPServer((gateway, 0), _handler(mail)) as running:
        running.daemon_threads = True
        mail.port = running.server_address[1]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield mail
        running.shutdown()
