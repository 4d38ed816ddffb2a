"""Contestant: PyTorch, written as well as its users could; protocol.ts says what is asked and answered.

Argument: "autograd", or "hand" for gradients written out by hand. Of the ways of writing the step, and of 1 and 2 threads,
"tune" keeps the fastest."""
import json
import resource
import re
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional as F

mode = sys.argv[1]
most_threads = int(sys.argv[2])
torch.set_flush_denormal(True)


class Problem:
    def __init__(self, folder):
        folder = Path(folder)
        settings = json.loads((folder / "problem.json").read_text())
        self.__dict__.update(settings)
        self.widths = [(size["inputs"], size["units"]) for size in self.sizes]
        start = folder / "start.f32"
        raw = torch.from_file(str(start), shared=True, size=start.stat().st_size // 4, dtype=torch.float32)
        self.start, at = [], 0
        for l, (n_in, n_out) in enumerate(self.widths):
            take = lambda n: raw[at : at + n]
            w = take(n_in * n_out).reshape(n_in, n_out)
            at += n_in * n_out
            b = take(n_out)
            at += n_out
            signs = None
            if l < len(self.widths) - 1:
                signs = take(n_out)
                at += n_out
            self.start.append((w, b, signs))
        bytes_ = torch.frombuffer(bytearray((folder / "inputs.u8").read_bytes()), dtype=torch.uint8)
        self.x = (bytes_.reshape(-1, self.widths[0][0]).float() * self.scale).contiguous()
        self.y = torch.frombuffer(bytearray((folder / "labels.i32").read_bytes()), dtype=torch.int32).long()
        self.unit = {"rectifier": torch.relu, "tanh": torch.tanh, "logistic": torch.sigmoid}[self.shape["activation"]]
        self.plain = all(signs is None or bool((signs == 1).all()) for _, _, signs in self.start)
        size = self.batchSize
        self.batches = [
            Batch(self.x[k * size : (k + 1) * size], self.y[k * size : (k + 1) * size])
            for k in range(self.lead + self.steps)
        ]
        self.sparse_input = bool((self.x != 0).float().mean() < 0.05)


class Batch:
    """x also as lists of the non-zero inputs, which are all 1: what an EmbeddingBag takes."""

    def __init__(self, x, y):
        self.x, self.y = x, y
        self.rows, self.indices = x.nonzero(as_tuple=True)
        counts = (x != 0).sum(1)
        self.offsets = counts.cumsum(0) - counts


class Autograd:
    """layout: weights [inputs × units] with addmm, or [units × inputs] with linear; update: an optimiser, or a loop;
    bag: the first layer as an EmbeddingBag."""

    def __init__(self, p, layout, update, bag=False):
        self.p, self.layout, self.update, self.bag = p, layout, update, bag
        self.w = [self.stored(l, w).clone(memory_format=torch.contiguous_format).requires_grad_() for l, (w, _, _) in enumerate(p.start)]
        self.b = [b.clone().requires_grad_() for _, b, _ in p.start]
        self.signs = [None if s is None or p.plain else s.clone() for _, _, s in p.start]
        self.parameters = self.w + self.b
        if update != "loop":
            self.optimiser = torch.optim.SGD(self.parameters, lr=p.learningRate, foreach=update == "foreach")

    def stored(self, l, w):
        """A view of w, [inputs × units], as layer l keeps it."""
        return w if self.layout == "addmm" or (self.bag and l == 0) else w.t()

    def reset(self):
        with torch.no_grad():
            for l, (w, b, (w0, b0, _)) in enumerate(zip(self.w, self.b, self.p.start)):
                w.copy_(self.stored(l, w0))
                b.copy_(b0)

    def changes(self):
        with torch.no_grad():
            return [float((w - self.stored(l, w0)).norm()) for l, (w, (w0, _, _)) in enumerate(zip(self.w, self.p.start))]

    def step(self, batch):
        p, h, y, penalty, last = self.p, batch.x, batch.y, None, len(self.w) - 1
        for l, (w, b, s) in enumerate(zip(self.w, self.b, self.signs)):
            if self.bag and l == 0:
                h = F.embedding_bag(batch.indices, w, batch.offsets, mode="sum", sparse=self.update != "foreach") + b
            else:
                h = torch.addmm(b, h, w) if self.layout == "addmm" else F.linear(h, w, b)
            if l == last:
                break
            h = p.unit(h)
            if p.l1 > 0:
                term = h.sum() if p.shape["activation"] != "tanh" else h.abs().sum()
                penalty = term if penalty is None else penalty + term
            if s is not None:
                h = h * s
        loss = F.cross_entropy(h, y)
        total = loss if penalty is None else torch.add(loss, penalty, alpha=p.l1 / len(y))
        for q in self.parameters:
            q.grad = None
        total.backward()
        if self.update != "loop":
            self.optimiser.step()
        else:
            with torch.no_grad():
                for q in self.parameters:
                    q.add_(q.grad, alpha=-p.learningRate)
        return loss.detach()


class ByHand:
    """Without autograd: the gradients written out, and every weight's update inside the product that makes its gradient."""

    def __init__(self, p, layout, bag=False):
        self.p, self.layout, self.bag = p, layout, bag
        self.w = [self.stored(l, w).clone(memory_format=torch.contiguous_format) for l, (w, _, _) in enumerate(p.start)]
        self.b = [b.clone() for _, b, _ in p.start]
        self.signs = [None if s is None or p.plain else s.clone() for _, _, s in p.start]
        self.rows = torch.arange(p.batchSize)

    stored, reset, changes = Autograd.stored, Autograd.reset, Autograd.changes

    def step(self, batch):
        p, h, y, last = self.p, batch.x, batch.y, len(self.w) - 1
        size = len(y)
        inputs, units = [], []
        for l, (w, b) in enumerate(zip(self.w, self.b)):
            inputs.append(h)
            if self.bag and l == 0:
                h = F.embedding_bag(batch.indices, w, batch.offsets, mode="sum").add_(b)
            else:
                h = torch.addmm(b, h, w if self.layout == "addmm" else w.t())
            if l == last:
                break
            u = p.unit(h)
            units.append(u)
            h = u if self.signs[l] is None else u * self.signs[l]
        log = F.log_softmax(h, 1)
        loss = F.nll_loss(log, y)
        delta = log.exp_()
        delta[self.rows[:size], y] -= 1
        delta.mul_(1 / size)
        for l in range(last, -1, -1):
            w, below = self.w[l], None
            if l > 0:
                below = delta.mm(w.t() if self.layout == "addmm" else w)
                u = units[l - 1]
                if self.signs[l - 1] is not None:
                    below.mul_(self.signs[l - 1])
                if p.shape["activation"] == "tanh":
                    if p.l1 > 0:
                        below.add_(u.sign(), alpha=p.l1 / size)
                    below = torch.ops.aten.tanh_backward(below, u)
                else:
                    if p.l1 > 0:
                        below.add_(p.l1 / size)
                    below = torch.ops.aten.threshold_backward(below, u, 0)
            if self.bag and l == 0:
                w.index_add_(0, batch.indices, delta[batch.rows], alpha=-p.learningRate)
            elif self.layout == "addmm":
                w.addmm_(inputs[l].t(), delta, alpha=-p.learningRate)
            else:
                w.addmm_(delta.t(), inputs[l], alpha=-p.learningRate)
            self.b[l].sub_(delta.sum(0), alpha=p.learningRate)
            delta = below
        return loss


def ways_to_train(p):
    ways = {}
    for bag in (True, False) if p.sparse_input else (False,):
        for layout in ("linear", "addmm"):
            name = f"bag, {layout}" if bag else layout
            if mode == "hand":
                ways[name] = lambda layout=layout, bag=bag: ByHand(p, layout, bag)
                continue
            for update in ("sgd", "foreach", "loop"):
                ways[f"{name}, {update}"] = lambda layout=layout, update=update, bag=bag: Autograd(p, layout, update, bag)
    return ways


def run_pass(p, way):
    way.reset()
    losses = []
    begun = time.perf_counter()
    for k, batch in enumerate(p.batches):
        if k == p.lead:
            begun = time.perf_counter()
        loss = way.step(batch)
        if k >= p.lead:
            losses.append(loss)
    seconds = time.perf_counter() - begun
    return seconds, losses


class Inference:
    batches = (100, 250, 500, 1000, 2000, 5000, 10000)

    def __init__(self, p, layout, batch):
        self.p, self.layout, self.batch = p, layout, batch
        self.w = [w.clone() if layout == "addmm" else w.t().contiguous() for w, _, _ in p.start]
        self.b = [b.clone() for _, b, _ in p.start]
        # a user who only predicts folds the signs into the next weights
        for l, (_, _, s) in enumerate(p.start[:-1]):
            if not p.plain:
                self.w[l + 1].mul_(s[:, None] if layout == "addmm" else s[None, :])

    def go(self):
        p, total = self.p, 0.0
        inplace = {"rectifier": torch.relu_, "tanh": torch.tanh_, "logistic": torch.sigmoid_}[p.shape["activation"]]
        begun = time.perf_counter()
        for at in range(0, len(p.y), self.batch):
            h, last = p.x[at : at + self.batch], len(self.w) - 1
            for l, (w, b) in enumerate(zip(self.w, self.b)):
                h = torch.addmm(b, h, w) if self.layout == "addmm" else F.linear(h, w, b)
                if l < last:
                    h = inplace(h)
            total += F.cross_entropy(h, p.y[at : at + self.batch], reduction="sum").item()
        return time.perf_counter() - begun, total / len(p.y)


class Contestant:
    def load(self, request):
        self.p = Problem(request["folder"])
        blas = {Path(f).resolve().name for f in re.findall(r"/\S*blas\S*", Path("/proc/self/maps").read_text())}
        return {"versions": {"torch": torch.__version__, "blas": ", ".join(sorted(blas)), "python": sys.version.split()[0]}}

    def tune(self, request):
        p, tried = self.p, {}
        if p.steps > 0:
            makers = ways_to_train(p)
        else:
            makers = {
                f"{layout}, batch {batch}": lambda layout=layout, batch=batch: Inference(p, layout, batch)
                for layout in ("linear", "addmm")
                for batch in Inference.batches
                if batch <= len(p.y)
            }
        if request.get("keep"):
            name, _, threads = request["keep"].rpartition(", ")
            torch.set_num_threads(int(threads.split()[0]))
            self.way = makers[name]()
            return {"tried": {}, "chosen": request["keep"]}
        # all ways on one thread, then the two best on more
        for name, make in makers.items():
            self.attempt(name, make, 1, tried)
        best = sorted(tried, key=tried.get)[:2]
        for threads in range(2, most_threads + 1):
            for name in [key.rpartition(", ")[0] for key in best]:
                self.attempt(name, makers[name], threads, tried)
        chosen = min(tried, key=tried.get)
        return {"tried": tried, "chosen": chosen}

    def attempt(self, name, make, threads, tried):
        torch.set_num_threads(threads)
        way = make()
        if self.p.steps == 0:
            once = lambda: self.infer_once(way)
        else:
            once = lambda: self.few_steps(way)
        first = once()
        # what is hopeless is not tried again
        hopeless = tried and first > 3 * min(tried.values())
        tried[f"{name}, {threads} threads"] = first if hopeless else min(once(), once())

    def few_steps(self, way):
        """Seconds a step, over at most half a second, after one that does not count."""
        with self.mode():
            way.reset()
            way.step(self.p.batches[0])
            begun, steps = time.perf_counter(), 0
            for batch in self.p.batches[1:]:
                way.step(batch)
                steps += 1
                if steps >= 2 and time.perf_counter() - begun > 0.5:
                    break
            return (time.perf_counter() - begun) / steps

    @staticmethod
    def infer_once(way):
        with torch.inference_mode():
            return way.go()[0]

    def check(self, _):
        if self.p.steps == 0:
            with torch.inference_mode():
                return {"losses": [self.way.go()[1]], "change": []}
        with self.mode():
            _, losses = run_pass(self.p, self.way)
        return {"losses": torch.stack(losses).tolist(), "change": self.way.changes()}

    def train(self, request):
        with self.mode():
            return self.repeat(request["seconds"], lambda: run_pass(self.p, self.way))

    def infer(self, request):
        with torch.inference_mode():
            return self.repeat(request["seconds"], self.way.go)

    @staticmethod
    def mode():
        return torch.inference_mode(mode == "hand")

    def repeat(self, enough, once):
        seconds, units = 0.0, 0
        while units == 0 or seconds < enough:
            took, loss = once()
            seconds += took
            units += max(1, self.p.steps)
        if isinstance(loss, list):
            loss = float(torch.stack(loss).mean())
        return {"seconds": seconds, "units": units, "loss": loss}

    def memory(self, _):
        return {"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


contestant = Contestant()
for line in sys.stdin:
    request = json.loads(line)
    answer = getattr(contestant, request["do"])(request)
    print(json.dumps(answer), flush=True)
