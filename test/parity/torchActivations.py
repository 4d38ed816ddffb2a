"""Exports a network of several kinds of units as ONNX, and counts what its activations are on given inputs: for probeTorch.test.ts."""
import json
import sys
from array import array
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

folder = Path(sys.argv[1])
torch.manual_seed(1)
torch.set_num_threads(1)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.second = nn.Conv2d(8, 12, 3, stride=2)
        self.third = nn.Linear(12 * 5 * 5, 40)
        self.fourth = nn.Linear(40, 30)
        self.fifth = nn.Linear(30, 20)
        self.last = nn.Linear(20, 10)

    def forward(self, x):
        seen = []
        see = lambda h: seen.append(h) or h
        h = see(functional.relu(self.norm(self.first(x))))
        h = see(functional.relu6(20 * self.second(functional.max_pool2d(h, 2, stride=1))))
        h = see(functional.gelu(self.third(h.flatten(1))))
        h = see(functional.silu(self.fourth(h)))
        h = see(torch.tanh(self.fifth(h)))
        return functional.log_softmax(self.last(h), 1), seen


class Answers(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x)[0]


network = Network().eval()
network.norm.running_mean.normal_(0, 0.1)
values = array("f")
values.frombytes((folder / "inputs.f32").read_bytes())
inputs = torch.tensor(values).reshape(-1, 1, 12, 12)
labels = torch.tensor(list((folder / "labels.u8").read_bytes()), dtype=torch.int64)
with torch.no_grad():
    answers, seen = network(inputs)
    torch.onnx.export(Answers(network), inputs[:1], folder / "network.onnx", dynamic_axes={"input": {0: "n"}}, input_names=["input"])


def counts(h):
    units = h.transpose(0, 1).reshape(h.shape[1], -1)
    return {
        "observations": units.shape[1],
        "firings": (units != 0).sum(1).tolist(),
        "sums": units.double().sum(1).tolist(),
        "maxima": units.abs().max(1).values.tolist(),
    }


loss = functional.nll_loss(answers, labels).item()
errors = int((answers.argmax(1) != labels).sum())
norm = network.fifth.weight.norm().item()
print(json.dumps({"layers": [counts(h) for h in seen], "loss": loss, "errors": errors, "norm": norm}))
