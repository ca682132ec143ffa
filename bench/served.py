"""A container that serves one site, ours or theirs: started, asked, put under load."""

import http.client
import time
from dataclasses import dataclass

from bench import load
from tests.image.containers import docker, inspect, logs

START_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A container, and where the page that is measured lies in it."""

    container: str
    port: int
    path: str
    host: str

    @property
    def address(self) -> str:
        """Its own address: a published port would measure Docker's proxy."""
        [network] = inspect(self.container)["NetworkSettings"]["Networks"].values()
        return network["IPAddress"]

    def start(self, *accepted: int) -> float:
        """Start it; return the seconds to the first answer with the page, or with a status that is accepted."""
        begin = time.monotonic()
        docker("start", self.container)
        address = self.address
        while self._ask(address)[0] not in (http.client.OK, *accepted):
            if time.monotonic() - begin > START_SECONDS:
                raise TimeoutError(f"{self.container} does not serve {self.path}: {logs(self.container)[-2000:]}")
            time.sleep(0.01)
        return time.monotonic() - begin

    def page(self) -> bytes:
        """Return the page."""
        return self._ask(self.address)[1]

    def load(self, seconds: int) -> load.Load:
        """Put load on the page."""
        return load.put(f"http://{self.address}:{self.port}{self.path}", self.host, seconds)

    def remove(self) -> None:
        """Remove the container and the volumes that only it had."""
        docker("rm", "--force", "--volumes", self.container)

    def _ask(self, address: str) -> tuple[int, bytes]:
        """Status and page; status 0 while nothing answers."""
        connection = http.client.HTTPConnection(address, self.port, timeout=START_SECONDS)
        try:
            connection.request("GET", self.path, headers={"Host": self.host})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (ConnectionError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()
