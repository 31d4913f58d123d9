import CUDAKernels
import Compute
import SparseAttention

extension CUDABackend {
    /// Dense attention of some heads of a call by a form of `sm90_attention.cu` that needs no plan.
    func attendDense(with form: SM90AttentionForm, _ call: AttentionCall, heads: [Int]) throws {
        let shape = call.shape
        let order = HeadOrder(
            heads: heads, costs: [Int](repeating: 1, count: heads.count), groupSize: shape.groupSize)
        let tileCount = (shape.queryCount + form.tileRows - 1) / form.tileRows
        let counter = try allocate(byteCount: 4)
        try stream.fill(counter.address, byte: 0, byteCount: 4)
        let queryHeads = try upload(order.places.map { Int32(heads[$0]) })

        let dimension = shape.headDimension
        let rowBytes = dimension * 2
        var arguments = mi_sm90_attention_arguments()
        arguments.queries = try context.tensorMap(
            call.queries.address, dimensions: [dimension, shape.heads, shape.queryCount],
            strides: [rowBytes, shape.heads * rowBytes], box: [64, 1, form.tileRows])
        // Keys beyond the last are not read: their memory may hold anything.
        func map(_ tensor: Tensor) throws(ComputeError) -> mi_tensor_map {
            try context.tensorMap(
                tensor.address, dimensions: [dimension, shape.keyCount, shape.kvHeads],
                strides: [rowBytes, call.capacity * rowBytes], box: [64, SlashBoxes.boxKeys, 1])
        }
        arguments.keys = try map(call.keys)
        arguments.values = try map(call.values)
        arguments.output = UnsafeMutableRawPointer(bitPattern: call.output.address)
        arguments.query_heads = UnsafePointer(bitPattern: queryHeads.address)
        arguments.next_item = UnsafeMutablePointer(bitPattern: counter.address)
        arguments.head_count = Int32(heads.count)
        arguments.head_run = Int32(order.run)
        arguments.row_stride = Int32(shape.heads * dimension)
        arguments.group_size = Int32(shape.groupSize)
        arguments.tile_count = Int32(tileCount)
        arguments.query_start = Int32(shape.queryStart)
        arguments.query_count = Int32(shape.queryCount)
        arguments.score_scale = call.scoreScale
        try kernel(form.specification).launch(
            grid: LaunchSize(min(context.properties.multiprocessors, tileCount * heads.count)),
            block: LaunchSize(form.threads), arguments: arguments)
    }
}
