"""Trains the auto-encoder that reconstructionTorch.test.ts writes, with PyTorch's own operations, gradients and optimizer."""
import json
import sys
from array import array
from pathlib import Path

import torch
from torch.nn import functional

folder = Path(sys.argv[1])
problem = json.loads((folder / "problem.json").read_text())
torch.set_num_threads(1)
n, m, steps, size = problem["inputs"], problem["units"], problem["steps"], problem["batchSize"]


def read(name):
    values = array("f")
    values.frombytes((folder / name).read_bytes())
    return torch.tensor(values, dtype=torch.float32)


start = read("start.f32")
inputs = read("inputs.f32").reshape(steps, size, n)
targets = read("targets.f32").reshape(steps, size, n)
at = 0


def take(count):
    global at
    at += count
    return start[at - count : at].clone()


w = take(n * m).reshape(n, m).requires_grad_()
b = take(m).requires_grad_()
signs = take(m)
v = take(m * n).reshape(m, n).requires_grad_()
c = take(n).requires_grad_()
tied = problem["tied"]


def softplus(a, alpha):
    return functional.softplus(a, beta=alpha, threshold=1e9)


alpha = problem["sharpness"]
unit = {
    "rectifier": torch.relu,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "softplus": lambda a: softplus(a, alpha),
}[problem["activation"]]
decode = {
    "linear": lambda a: a,
    "rectifier": torch.relu,
    "softplus": lambda a: softplus(a, alpha if problem["activation"] == "softplus" else 1.0),
}

optimizer = torch.optim.SGD([w, b, c] + ([] if tied else [v]), lr=problem["learningRate"])
losses = []
for x, t in zip(inputs, targets):
    h = signs * unit(x @ w + b)
    a = h @ (w.T if tied else v) + c
    if problem["decoder"] == "logistic":
        cost = functional.binary_cross_entropy_with_logits(a, t, reduction="none").sum(1).mean()
    else:
        cost = ((decode[problem["decoder"]](a) - t) ** 2).sum(1).mean()
    losses.append(cost.item())
    optimizer.zero_grad()
    (cost + problem["l1"] * h.abs().sum(1).mean()).backward()
    optimizer.step()

end = array("f")
for tensor in (w, b, w.T if tied else v, c):
    end.extend(tensor.detach().flatten().tolist())
end.extend(losses)
(folder / "end.f32").write_bytes(end.tobytes())
