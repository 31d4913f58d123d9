import CPUBackend
import Compute
import Testing

@Suite struct MemoryTests {
    @Test(
        "tensors are 64-byte aligned at every size",
        arguments: [0, 1, 100, 1 << 18, 1 << 19, 1_000_003, 5 << 20])
    func alignment(count: Int) throws {
        let backend = try CPUBackend(threads: 1)
        let tensor = try backend.makeTensor(shape: [count], dtype: .float32)
        #expect(tensor.address % 64 == 0)
        if count > 0 {
            tensor.floats[0] = 1
            tensor.floats[count - 1] = 2
        }
        #expect(try backend.read(tensor.rows(max(0, count - 1)..<count)).allSatisfy { $0 == 2 })
    }

    @Test("more than the machine has is an error", arguments: [[1 << 50], [1 << 40, 1 << 40]])
    func outOfMemory(shape: [Int]) throws {
        let backend = try CPUBackend(threads: 1)
        #expect { try backend.makeTensor(shape: shape, dtype: .float32) } throws: {
            "\($0)".hasPrefix("out of memory on cpu")
        }
        #expect {
            try backend.makeKVLayer(kvHeads: 8, headDimension: 128, capacity: 1 << 45, dtype: .bfloat16)
        } throws: {
            "\($0)".hasPrefix("out of memory on cpu")
        }
    }

    @Test("freed memory can be used again")
    func reuse() throws {
        let backend = try CPUBackend(threads: 1)
        for _ in 0..<1_000 { _ = try backend.makeTensor(shape: [1 << 30], dtype: .float32) }
    }

    @Test(
        "the cache starts as zeros and has whole tiles", arguments: [DType.float32, .bfloat16],
        [1, 64, 65, 20_000])
    func cache(dtype: DType, capacity: Int) throws {
        let backend = try CPUBackend(threads: 2)
        let layer = try backend.makeKVLayer(kvHeads: 2, headDimension: 8, capacity: capacity, dtype: dtype)
        #expect(layer.capacity >= capacity && layer.capacity % 64 == 0)
        #expect(layer.keys.shape == [2, layer.capacity, 8])
        #expect(layer.values.count == layer.keys.count)
        #expect(try backend.read(layer.keys).allSatisfy { $0 == 0 })
        #expect(try backend.read(layer.values).allSatisfy { $0 == 0 })
    }

    @Test("float16 is not computed with")
    func float16() throws {
        let backend = try CPUBackend(threads: 1)
        #expect(throws: ComputeError.self) {
            try backend.makeTensor(hostTensor([1], shape: [1]), dtype: .float16)
        }
        #expect(throws: ComputeError.self) {
            try backend.makeKVLayer(kvHeads: 1, headDimension: 8, capacity: 1, dtype: .float16)
        }
        #expect(throws: ComputeError.self) {
            try backend.makeLinear(
                parts: [hostTensor([1], shape: [1, 1])], biases: [nil], inputType: .float16)
        }
    }
}
