"""Counts of model files by NumPy and onnx, independent of ours: JSON lines, one a path on stdin. With an argument: writes examples there."""

import json
import os
import sys

import numpy as np

try:
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError:
    onnx = None


def counts(name, array):
    array = np.asarray(array)
    zero = np.zeros(array.shape, bool) if array.dtype.kind in "OSU" else np.asarray(array == 0)
    two = array.ndim == 2
    return {
        "name": name,
        "shape": list(array.shape),
        "zeros": int(zero.sum()),
        "deadRows": int(zero.all(axis=1).sum()) if two else None,
        "deadColumns": int(zero.all(axis=0).sum()) if two else None,
    }


def read(path):
    if path.endswith(".onnx"):
        graph = onnx.load(path).graph
        return [counts(tensor.name, numpy_helper.to_array(tensor)) for tensor in graph.initializer]
    if path.endswith(".pb"):
        tensor = onnx.load_tensor(path)
        return [counts(tensor.name, numpy_helper.to_array(tensor))]
    if path.endswith(".npz"):
        with np.load(path) as arrays:
            return [counts(name, arrays[name]) for name in arrays.files]
    return [counts(os.path.basename(path)[:-4], np.load(path))]


def sparse(rng, shape, dtype):
    values = rng.integers(-3, 4, shape) if np.dtype(dtype).kind not in "ub" else rng.integers(0, 4, shape)
    values = np.where(rng.random(shape) < 0.4, 0, values)
    if len(shape) == 2 and shape[0] > 2 and shape[1] > 2:
        values[1] = 0
        values[:, 2] = 0
    return values.astype(dtype)


def write_numpy(folder, rng):
    dtypes = "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 ? c8 c16".split()
    arrays = {}
    for dtype in dtypes:
        for order in "<>":
            for layout in "CF":
                array = sparse(rng, (7, 5), np.dtype(dtype).newbyteorder(order))
                name = f"{np.dtype(dtype).name}{'le' if order == '<' else 'be'}{layout}"
                arrays[name] = np.asarray(array, order=layout)
                np.save(f"{folder}/{name}.npy", arrays[name])
    arrays["scalar"] = np.float32(0)
    arrays["empty"] = np.zeros((0, 5), np.float32)
    arrays["hollow"] = np.zeros((5, 0), np.float32)
    arrays["special"] = np.array([[0.0, -0.0, np.nan], [np.inf, -np.inf, 5e-324]])
    arrays["text"] = np.array([["", "a"]])
    arrays["bytes"] = np.array([b"", b"ab"])
    arrays["cube"] = sparse(rng, (3, 4, 5), np.float32)
    arrays["large"] = sparse(rng, (1000, 513), np.float32)
    arrays["one row"] = sparse(rng, (1, 300), np.float32)
    np.savez(f"{folder}/stored.npz", **arrays)
    np.savez_compressed(f"{folder}/deflated.npz", **arrays)


def numpy_type(code):
    """onnx 1.13 and later has a function for it, Debian's 1.12 a table."""
    if hasattr(helper, "tensor_dtype_to_np_dtype"):
        return helper.tensor_dtype_to_np_dtype(code)
    return onnx.mapping.TENSOR_TYPE_TO_NP_TYPE[code]


def reads_back(tensor):
    """Debian's onnx writes complex numbers that it cannot read."""
    try:
        numpy_helper.to_array(tensor)
    except TypeError:
        return False
    return True


def write_onnx(folder, rng):
    types = [
        getattr(TensorProto, name)
        for name in (
            "FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 BOOL FLOAT16 DOUBLE UINT32 UINT64 COMPLEX64 COMPLEX128 BFLOAT16 "
            "FLOAT8E4M3FN FLOAT8E4M3FNUZ FLOAT8E5M2 FLOAT8E5M2FNUZ UINT4 INT4 FLOAT4E2M1 UINT2 INT2"
        ).split()
        if hasattr(TensorProto, name)
    ]
    tensors = []
    for code in types:
        kind = TensorProto.DataType.Name(code)
        signed = not kind.startswith("U") and kind not in ("BOOL",)
        top = 2 if kind == "INT2" else 4
        values = np.where(rng.random((5, 7)) < 0.4, 0, rng.integers(-1 if signed else 0, top - (kind == "INT2"), (5, 7)))
        values[1] = 0
        array = values.astype(numpy_type(code))
        typed = helper.make_tensor(f"{kind} typed", code, (5, 7), array.ravel())
        raw = numpy_helper.from_array(array, f"{kind} raw")
        tensors += [tensor for tensor in (typed, raw) if reads_back(tensor)]
    tensors.append(helper.make_tensor("texts", TensorProto.STRING, (2,), [b"", b"a"]))
    tensors.append(helper.make_tensor("scalar", TensorProto.FLOAT, (), [0.0]))
    tensors.append(helper.make_tensor("empty", TensorProto.FLOAT, (0, 3), []))
    graph = helper.make_graph([], "types", [], [], tensors)
    onnx.save(helper.make_model(graph), f"{folder}/types.onnx")

    big = numpy_helper.from_array(sparse(rng, (300, 200), np.float32), "big")
    small = numpy_helper.from_array(sparse(rng, (20, 30), np.float64), "small")
    model = helper.make_model(helper.make_graph([], "external", [], [], [big, small]))
    onnx.save(model, f"{folder}/external.onnx", save_as_external_data=True, location="external.bin", size_threshold=0)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        rng = np.random.default_rng(1)
        write_numpy(sys.argv[1], rng)
        if onnx:
            write_onnx(sys.argv[1], rng)
    else:
        for line in sys.stdin:
            path = line.rstrip("\n")
            try:
                print(json.dumps({"path": path, "tensors": read(path)}))
            except Exception as error:  # the other side says why
                print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"[:300]}))
