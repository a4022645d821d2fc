"""Room `serving`: several processes of the app behind one address.

    plan = plan_of(Path("config.yaml"), dashboard, workers=4, port=8501)
    serve(plan)

Each worker is a Streamlit server of its own, bound to this machine alone. nginx stands before them
and keeps a reader with one worker, since a session lives in the memory of its process. Snapshots
are files that all workers open read-only. A worker that ends is started again; its readers are
taken over by another one meanwhile, and what their address holds is shown as before.
"""

from gapatlas.serving.plan import Plan, plan_of
from gapatlas.serving.proxy import find_nginx, nginx_config
from gapatlas.serving.starting import meanwhile
from gapatlas.serving.supervising import serve

__all__ = ["Plan", "find_nginx", "meanwhile", "nginx_config", "plan_of", "serve"]
