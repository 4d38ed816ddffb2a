"""Trains the problem that torch.test.ts writes, with PyTorch's own operations, gradients and optimizers, and writes where it ends."""
import json
import sys
from array import array
from pathlib import Path

import torch

folder = Path(sys.argv[1])
problem = json.loads((folder / "problem.json").read_text())
torch.set_num_threads(1)


def read(name, kind):
    values = array(kind)
    values.frombytes((folder / name).read_bytes())
    return torch.tensor(values, dtype=torch.float32 if kind == "f" else torch.long)


sizes = [problem["inputs"], *problem["hidden"], problem["classes"]]
start = read("start.f32", "f")
inputs = read("inputs.f32", "f").reshape(problem["steps"], problem["batchSize"], sizes[0])
labels = read("labels.i32", "i").reshape(problem["steps"], problem["batchSize"])

layers, at = [], 0
for n_in, n_out in zip(sizes, sizes[1:]):
    hidden = len(layers) < len(problem["hidden"])
    take = lambda n: start[at : at + n].clone()
    w = take(n_in * n_out).reshape(n_in, n_out).requires_grad_()
    at += n_in * n_out
    b = take(n_out).requires_grad_()
    at += n_out
    signs = take(n_out) if hidden else None
    at += n_out if hidden else 0
    layers.append((w, b, signs))

alpha = problem["sharpness"]
unit = {
    "rectifier": torch.relu,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "softplus": lambda a: torch.nn.functional.softplus(a, beta=alpha, threshold=1e9),
}[problem["activation"]]

parameters = [p for w, b, _ in layers for p in (w, b)]
settings = problem["optimizer"]
if settings["name"] == "adam":
    betas = (settings["beta1"], settings["beta2"])
    optimizer = torch.optim.Adam(parameters, lr=problem["learningRate"], betas=betas, eps=settings["epsilon"])
else:
    optimizer = torch.optim.SGD(parameters, lr=problem["learningRate"], momentum=settings.get("momentum", 0))

losses = []
for x, y in zip(inputs, labels):
    h, penalty = x, 0.0
    for w, b, signs in layers:
        a = h @ w + b
        h = a if signs is None else signs * unit(a)
        if signs is not None:
            penalty = penalty + h.abs().sum(1).mean()
    loss = torch.nn.functional.cross_entropy(h, y)
    losses.append(loss.item())
    optimizer.zero_grad()
    (loss + problem["l1"] * penalty).backward()
    optimizer.step()

end = array("f")
for w, b, _ in layers:
    end.extend(w.detach().flatten().tolist())
    end.extend(b.detach().tolist())
end.extend(losses)
(folder / "end.f32").write_bytes(end.tobytes())
