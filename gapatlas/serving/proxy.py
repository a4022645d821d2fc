"""nginx before the workers: which worker a reader is with, and who takes over from a dead one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.serving.plan import LOOPBACK, Plan

COOKIE: Final = "gapatlas_worker"
LARGEST_UPLOAD: Final = "210m"
"""A little more than Streamlit's own limit, whose message readers then see."""
_PLACES: Final = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")
"""Folders of nginx that are on the path of root alone."""
_CONFIG: Final = """\
# Written by `gapatlas serve`: a change here is lost with the next start.
daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log stderr warn;

events {{
  worker_connections 4096;
}}

http {{
  access_log off;
  server_tokens off;
  client_max_body_size {upload};
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;

  map $http_upgrade $connection_upgrade {{
    default upgrade;
    '' close;
  }}

  # A new reader is given a worker by lot, and keeps it by a cookie. In a frame of another site
  # the browser sends no cookie: what a page loads then goes by the reader's address and browser.
  split_clients $request_id $lot {{
{lots}
  }}
  split_clients "$remote_addr $http_user_agent" $fixed {{
{lots}
  }}
  map $uri $first {{
    default $lot;
    ~/(_stcore|media|component|app|static)/ $fixed;
  }}
  map $cookie_{cookie} $worker {{
    default $first;
{known}
  }}
  map $cookie_{cookie} $given {{
    default "{cookie}=$worker; Path=/; HttpOnly; SameSite=Lax";
{kept}
  }}

{upstreams}

  server {{
    listen {listen};
    location / {{
      proxy_pass http://worker_$worker;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_connect_timeout 2s;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
      proxy_buffering off;
      proxy_next_upstream error timeout http_502 http_503;
      add_header Set-Cookie $given;
    }}
  }}
}}
"""


def nginx_config(plan: Plan) -> str:
    """The configuration of nginx for a plan."""
    numbers = range(1, len(plan.worker_ports) + 1)
    share = 100 / len(plan.worker_ports)
    lots = [f"    {share:.2f}% {number};" for number in numbers[:-1]]
    host = f"[{plan.host}]" if ":" in plan.host else plan.host
    return _CONFIG.format(
        folder=plan.folder,
        upload=LARGEST_UPLOAD,
        cookie=COOKIE,
        lots="\n".join([*lots, f"    * {numbers[-1]};"]),
        known="\n".join(f"    {number} {number};" for number in numbers),
        kept="\n".join(f"    {number} '';" for number in numbers),
        upstreams="\n\n".join(_upstream(plan, number) for number in numbers),
        listen=f"{host}:{plan.port}",
    )


def _upstream(plan: Plan, number: int) -> str:
    """One worker, and the others for as long as it does not answer."""
    own = plan.worker_ports[number - 1]
    others = [port for port in plan.worker_ports if port != own]
    lines = [f"    server {LOOPBACK}:{own} max_fails=1 fail_timeout=1s;"]
    lines += [f"    server {LOOPBACK}:{port} backup;" for port in others]
    return "\n".join([f"  upstream worker_{number} {{", *lines, "  }"])


def find_nginx() -> str:
    """Path of the nginx of this machine.

    Raises:
        GapAtlasError: there is none.
    """
    found = shutil.which("nginx")
    found = found or next((path for folder in _PLACES if (path := _in(folder))), None)
    if found is None:
        problem = Problem(
            "nginx",
            "Several workers need nginx before them.",
            found="none on this machine",
            allowed="nginx, on Debian by `apt-get install nginx-light`; or --workers 1",
        )
        raise GapAtlasError("The app was not started.", [problem])
    return found


def _in(folder: str) -> str | None:
    path = Path(folder) / "nginx"
    return str(path) if path.is_file() else None


def start_nginx(plan: Plan) -> subprocess.Popen[bytes]:
    """Start nginx for a plan.

    Raises:
        GapAtlasError: there is no nginx, or it refuses the configuration.
    """
    nginx = find_nginx()
    if os.geteuid() == 0:  # nginx then gives up root, and has to reach its files all the same
        plan.folder.chmod(plan.folder.stat().st_mode | 0o011)
    file = plan.folder / "nginx.conf"
    file.write_text(nginx_config(plan), encoding="utf-8")
    command = [nginx, "-p", str(plan.folder), "-e", "stderr", "-c", str(file)]
    tried = subprocess.run([*command, "-t", "-q"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        problem = Problem(file.name, tried.stderr.strip().replace(str(plan.folder), "."))
        raise GapAtlasError("nginx refuses its configuration.", [problem])
    return subprocess.Popen(command)
