"""The programs that the deployed test starts: an AWS emulator, a simulator of Amazon's API. Each is ended by its id."""

import datetime
import ipaddress
import json
import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

REGION = "eu-central-1"
# The emulator takes this key for the account's root.
ROOT = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(is_so, what, seconds=60.0, every=0.25):
    """Looks until `is_so()` is true and returns what it said; fails with `what` otherwise."""
    end = time.monotonic() + seconds
    while True:
        said = is_so()
        if said:
            return said
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds:.0f} s still not so: {what}")
        time.sleep(every)


class Program:
    """A program of ours, with its output in a file."""

    def __init__(self, command, env, log):
        self.log = Path(log)
        self.process = subprocess.Popen(
            [str(word) for word in command], env=env, stdout=self.log.open("w"), stderr=subprocess.STDOUT, start_new_session=True
        )

    def is_running(self):
        return self.process.poll() is None

    def stop(self):
        if self.is_running():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Emulator:
    """AWS on this machine: MiniStack, with IAM enforced, over TLS as the queues want it."""

    def __init__(self, python, folder):
        folder = Path(folder)
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self.ca, key = certificate(folder)
        #: What a client of the emulator needs in its environment.
        self.client_env = {
            **ROOT,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_CA_BUNDLE": str(self.ca),
            "SSL_CERT_FILE": str(self.ca),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
        }
        # Functions get this environment too; that is how they trust the certificate.
        env = {
            **clean_environment(),
            **self.client_env,
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "USE_SSL": "1",
            "MINISTACK_SSL_CERT": str(self.ca),
            "MINISTACK_SSL_KEY": str(key),
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "S3_DATA_DIR": str(folder / "s3"),
        }
        self.program = Program([python, "-m", "ministack"], env, folder / "ministack.log")
        wait_until(self.answers, "MiniStack answers (see its log)", 60)

    def answers(self):
        if not self.program.is_running():
            raise AssertionError(f"MiniStack ended: {self.program.log.read_text()[-2000:]}")
        try:
            return urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=5, context=self.trust()).status == 200
        except OSError:
            return False

    def trust(self):
        """What a client of ours trusts the emulator by."""
        return ssl.create_default_context(cafile=self.ca)

    def bootstraps(self, function):
        """Process ids of a function's bootstraps."""
        name = f"AWS_LAMBDA_FUNCTION_NAME={function}"
        url = f"AWS_ENDPOINT_URL={self.url}"
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    variables = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
                except OSError:
                    continue
                if name in variables and url in variables:
                    found.append(int(folder.name))
        return found

    def credentials_of(self, function):
        """What a running bootstrap signs its calls with: its role's own."""
        pid = wait_until(lambda: self.bootstraps(function), f"{function} runs", 90, 0.05)[0]
        variables = dict(
            line.split("=", 1) for line in Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0") if "=" in line
        )
        return {
            "aws_access_key_id": variables["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": variables["AWS_SECRET_ACCESS_KEY"],
            "aws_session_token": variables.get("AWS_SESSION_TOKEN"),
        }

    def stop(self):
        self.program.stop()


class Amazon:
    """The simulator of Amazon's API, on this machine's time."""

    def __init__(self, programs, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [Path(programs) / "renown-simulator", "--listen", f"127.0.0.1:{self.port}"]
        self.program = Program(command, clean_environment(), Path(folder) / "simulator.log")
        wait_until(self.answers, "the simulator answers", 30)

    def answers(self):
        try:
            return bool(self.call("health"))
        except (OSError, urllib.error.URLError):
            return False

    def call(self, path, body=None, method=None):
        """One of its endpoints for tests; see infra/simulator/README.md."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def accepted(self):
        """Order → moments at which a request for it was accepted."""
        return self.call("accepted")

    def unsubscribe(self, kind, client_id, client_secret):
        """Ends a subscription over Amazon's own API, as whoever has the app may."""
        form = {"grant_type": "client_credentials", "scope": "sellingpartnerapi::notifications"}
        form |= {"client_id": client_id, "client_secret": client_secret}
        login = urllib.request.Request(f"{self.url}/auth/o2/token", data=urllib.parse.urlencode(form).encode())
        with urllib.request.urlopen(login, timeout=10) as answer:
            token = json.loads(answer.read())["access_token"]
        ended, = [s["subscription_id"] for s in self.call("subscriptions") if s["notification_type"] == kind]
        headers = {"x-amz-access-token": token, "User-Agent": "Test/1.0 (Language=Python)"}
        url = f"{self.url}/notifications/v1/subscriptions/{kind}/{ended}"
        urllib.request.urlopen(urllib.request.Request(url, headers=headers, method="DELETE"), timeout=10).close()

    def stop(self):
        self.program.stop()


def certificate(folder):
    """A certificate of localhost for a day, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    hour = datetime.timedelta(hours=1)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    # Not a CA: rustls takes none for a server's certificate.
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - hour, now + 24 * hour)
    builder = builder.add_extension(names, False).add_extension(x509.BasicConstraints(False, None), True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False)
    made = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"


def clean_environment():
    """This process's environment without anybody's AWS in it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RENOWN_"))}
