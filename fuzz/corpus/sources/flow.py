=== src/flow.py
import os, subprocess, sqlite3, hashlib, random, pickle, yaml
from flask import request as r, Flask
from ..a.b import (c as d, e)
from . import *
__all__ = ["f"]
app = Flask(__name__)

@app.route("/<x>")
async def f(x, *args, y: int = 1, **kw) -> "str":
    """Doc."""
    q = r.args.get("q") or kw['z']
    cur = sqlite3.connect("x").cursor()
    cur.execute(f"select {q!r:>{y}} from t" + x % (q,))
    try:
        with open(os.path.join("/a", q)) as g, open(x) as h:
            subprocess.run("ls " + q, shell=True)
    except (OSError, ValueError) as error:
        pass
    finally:
        pickle.loads(q)
    match q:
        case {"a": [1, *rest], **k} if rest: return yaml.load(q)
        case A(b=1) | None: ...
    return [i async for i in z if i > 1 and not i or i in q] if (n := len(q)) else lambda k: k

class A(B, metaclass=C):
    password = "hunter2hunter"
    def g(self): return hashlib.md5(self.password).hexdigest(), random.random()

assert eval(input())
