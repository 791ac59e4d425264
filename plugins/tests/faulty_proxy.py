"""An HTTP proxy that stands between the suite and a lab's real servers, and spoils the answers that a test names.

It ends the TLS of each side, so that it sees every request, and has a certificate authority of its own, which the
rewritten site file trusts. The servers keep their names, as they do behind a proxy of a company.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import re
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml

from plugins.tests import sitefiles
from tkg_conformance.fixtures.lab.pki import CertificateAuthority

_METHOD = re.compile(rb"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)")
_OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
_LONGEST_HANG_S = 60.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Spoils requests whose name matches `where`, a regular expression.

    Names are `PLANE METHOD PATH?QUERY`, and of SOAP calls `vcenter SOAP Method` or `vcenter PBM Method`. The first
    `after` matches are let through, then `times` are spoilt (all, if None).

    `say` answers in the server's place; `hang` and `reset` answer nothing; `cut` ends the server's own answer after
    `size` bytes, and `short` does so with a length that agrees; `drip` never ends it; `slow` waits `seconds` before it
    passes the request on; `vanish` closes the proxy's door for good; `act` calls back and passes the request on.
    """

    where: str
    how: Literal["say", "hang", "reset", "cut", "short", "drip", "slow", "vanish", "act"]
    after: int = 0
    times: int | None = None
    status: int = 503
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    seconds: float = 0.0
    act: Callable[[], None] | None = None


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    proxy: FaultyProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about clients that went away."""


class FaultyProxy:
    """One proxy; `rules` may be changed at any time, `seen` holds the names of all requests in their order."""

    def __init__(self, authority: CertificateAuthority, folder: Path) -> None:
        self.rules: list[Rule] = []
        self.seen: list[str] = []
        self.ended = threading.Event()
        self._met: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._authority, self._folder = authority, folder
        self._planes: dict[str, tuple[str, ssl.SSLContext]] = {}
        self._serving: dict[str, ssl.SSLContext] = {}
        self._listener = _Listener(("127.0.0.1", 0), _Handler)
        self._listener.proxy = self
        self.url = f"http://127.0.0.1:{self._listener.server_address[1]}"
        threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def add(self, target: str, plane: str, upstream: ssl.SSLContext) -> None:
        """Forward connections to a target (`host:port`), under the name of a plane and with these TLS settings."""
        host = target.rpartition(":")[0]
        certificate, key = self._authority.issue(host, sans=[host], server=True).write(self._folder, host)
        self._serving[target] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._serving[target].load_cert_chain(certificate, key)
        self._planes[target] = (plane, upstream)

    def spoil(self, *rules: Rule) -> None:
        """Replace the rules and forget what was seen."""
        with self._lock:
            self.rules, self.seen = list(rules), []
            self._met.clear()

    def rule_for(self, name: str) -> Rule | None:
        """Note a request and return the rule that spoils it, if one does."""
        with self._lock:
            self.seen.append(name)
            for place, rule in enumerate(self.rules):
                if re.search(rule.where, name):
                    self._met[place] += 1
                    count = self._met[place] - rule.after
                    if count > 0 and (rule.times is None or count <= rule.times):
                        return rule
        return None

    def tls(self, target: str) -> ssl.SSLContext:
        """Return the settings with which a target's place is taken."""
        return self._serving[target]

    def upstream(self, target: str) -> tuple[str, http.client.HTTPSConnection]:
        """Return a target's plane and a connection to it."""
        plane, context = self._planes[target]
        host, _, port = target.rpartition(":")
        return plane, http.client.HTTPSConnection(host, int(port), context=context, timeout=_LONGEST_HANG_S)

    def vanish(self) -> None:
        """Refuse every connection from now on; closing alone waits for the listening thread."""
        self._listener.socket.shutdown(socket.SHUT_RDWR)
        self._listener.socket.close()

    def close(self) -> None:
        """End everything."""
        self.ended.set()
        self._listener.shutdown()
        self._listener.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self._plain: socket.socket = self.connection
        self._plane = ""
        self._upstream: http.client.HTTPSConnection | None = None

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        with contextlib.suppress(OSError):
            self.connection.close()
        if self._upstream is not None:
            self._upstream.close()

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self._plane, self._upstream = self.server.proxy.upstream(self.path)
        self.connection = self.server.proxy.tls(self.path).wrap_socket(self.connection, server_side=True)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb", self.wbufsize)
        self.close_connection = False

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        rule = self.server.proxy.rule_for(self._name(body))
        if rule is None:
            self._answer(*self._forwarded(body))
            return
        if rule.how == "say":
            self._answer(rule.status, list(rule.headers.items()), rule.body)
        elif rule.how in ("slow", "act"):
            self.server.proxy.ended.wait(rule.seconds)
            if rule.act is not None:
                rule.act()
            self._answer(*self._forwarded(body))
        elif rule.how == "short":
            status, headers, content = self._forwarded(body)
            self._answer(status, headers, content[: rule.size])
        else:
            self._break_off(rule, body)

    def _break_off(self, rule: Rule, body: bytes) -> None:
        """Do what ends the connection, at once or after a part of the answer."""
        self.close_connection = True
        if rule.how == "vanish":
            self.server.proxy.vanish()
        elif rule.how == "hang":
            self.server.proxy.ended.wait(_LONGEST_HANG_S)
        elif rule.how in ("cut", "drip"):
            status, headers, content = self._forwarded(body)
            self._begin(status, headers, len(content) + (1 << 20) * (rule.how == "drip"))
            self.wfile.write(content[: rule.size])
            self.wfile.flush()
            with contextlib.suppress(OSError):
                while rule.how == "drip" and not self.server.proxy.ended.wait(0.05):
                    self.wfile.write(b" ")
                    self.wfile.flush()

    def _name(self, body: bytes) -> str:
        path = urlsplit(self.path).path.rstrip("/")
        service = {"/sdk": "SOAP", "/pbm": "PBM"}.get(path)
        if self.command == "POST" and service is not None:
            found = _METHOD.search(body)
            return f"{self._plane} {service} {found[1].decode() if found else ''}"
        return f"{self._plane} {self.command} {self.path}"

    def _forwarded(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        assert self._upstream is not None
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_ONE_HOP}
        self._upstream.request(self.command, self.path, body=body or None, headers=headers)
        answer = self._upstream.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self._begin(status, headers, len(content))
        self.wfile.write(content)

    def _begin(self, status: int, headers: list[tuple[str, str]], length: int) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _serve  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@contextlib.contextmanager
def before(lab: Path, folder: Path, name: str = "site.yaml") -> Iterator[tuple[FaultyProxy, Path]]:
    """Yield a proxy before all servers of a lab, and a site file that leads through it."""
    authority = CertificateAuthority.create("faulty-proxy")
    (folder / "proxy-ca.pem").write_bytes(authority.cert_pem)
    proxy = FaultyProxy(authority, folder)
    try:
        site = sitefiles.of_lab(lab, name)
        for vcenter in site["vcenters"]:
            proxy.add(str(vcenter["server"]), "vcenter", ssl.create_default_context(cafile=vcenter["ca_file"]))
            vcenter |= {"ca_file": str(folder / "proxy-ca.pem"), "proxy": proxy.url}
        _divert(proxy, site["management"], "management", folder, authority)
        for cluster in site["clusters"]:
            _divert(proxy, cluster, f"workload:{cluster['name']}", folder, authority)
        yield proxy, sitefiles.write(site, folder / "site.yaml")
    finally:
        proxy.close()


def _divert(
    proxy: FaultyProxy, entry: dict[str, Any], plane: str, folder: Path, authority: CertificateAuthority
) -> None:
    """Write a kubeconfig that leads through the proxy, which alone uses the client's certificate."""
    document = yaml.safe_load(Path(entry["kubeconfig"]).read_text())
    (cluster,), (user,) = document["clusters"], document["users"]
    settings, login = cluster["cluster"], user["user"]
    context = ssl.create_default_context(cadata=base64.b64decode(settings["certificate-authority-data"]).decode())
    name = re.sub(r"\W", "-", plane)  # a colon would part the paths of several kubeconfigs
    pair = folder / f"{name}.pem"
    pair.write_bytes(b"".join(base64.b64decode(login[f"client-{each}-data"]) for each in ("certificate", "key")))
    context.load_cert_chain(pair)
    proxy.add(settings["server"].removeprefix("https://"), plane, context)
    settings["certificate-authority-data"] = base64.b64encode(authority.cert_pem).decode()
    settings["proxy-url"] = proxy.url
    path = folder / f"{name}.kubeconfig"
    path.write_text(yaml.safe_dump(document))
    entry["kubeconfig"] = str(path)
