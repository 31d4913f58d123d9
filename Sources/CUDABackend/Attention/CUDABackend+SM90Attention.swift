import CUDAKernels
import Compute
import SparseAttention

extension CUDABackend {
    /// Attention of some heads of a call by `sm90_attention.cu`: uploads their lists, makes the plan, computes.
    func attend(
        with form: SM90AttentionForm, _ call: AttentionCall, heads: [Int], indexes: [AttentionIndex]
    ) throws {
        let shape = call.shape
        let plan = SM90AttentionPlan(heads: heads, indexes: indexes, shape: shape)
        let tileCount = (shape.queryCount + SlashBoxes.tileRows - 1) / SlashBoxes.tileRows
        let tiles = try allocate(
            byteCount: plan.heads.count * tileCount * MemoryLayout<mi_sm90_tile>.stride)
        // One bit per offset from the tile's last row down to key 0.
        let coveredWords =
            plan.columns.isEmpty ? 0 : (shape.keyCount + SlashBoxes.tileRows + 31) / 32
        let counterBytes = 256
        let coveredBytes = plan.heads.count * 2 * coveredWords * 4
        let zeros = try allocate(byteCount: counterBytes + coveredBytes)
        try stream.fill(zeros.address, byte: 0, byteCount: counterBytes + coveredBytes)
        let boxes = try allocate(byteCount: max(1, plan.boxes.count + plan.blockBoxCount) * 4)
        try plan.boxes.withUnsafeBytes { try upload($0, to: boxes.address) }
        let rowBytes = shape.headDimension * 2
        let compactRows = max(plan.columns.count, SlashBoxes.boxKeys)
        let columnKeys = try allocate(byteCount: compactRows * rowBytes)
        let columnValues = try allocate(byteCount: compactRows * rowBytes)

        let keyBlocks = try allocate(byteCount: max(1, plan.keyBlockCount) * 4)
        var uploaded: UInt = 0
        for list in plan.keyBlocks {
            try list.withUnsafeBytes { try upload($0, to: keyBlocks.address + uploaded) }
            uploaded += UInt(list.count * 4)
        }

        var lists = PackedLists()
        let headList = lists.add(plan.heads)
        let columnList = lists.add(plan.columns)
        let beginList = lists.add(plan.columnBegins)
        let queryHeads = lists.add(plan.heads.map(\.head))
        let rowOffsets = lists.add(plan.rowOffsets)
        let memory = try upload(lists)

        let planArguments = mi_sm90_plan_arguments(
            heads: UnsafePointer(bitPattern: memory.address + UInt(headList)),
            tiles: UnsafeMutablePointer(bitPattern: tiles.address),
            boxes: UnsafeMutablePointer(bitPattern: boxes.address),
            columns: UnsafePointer(bitPattern: memory.address + UInt(columnList)),
            row_offsets: UnsafePointer(bitPattern: memory.address + UInt(rowOffsets)),
            key_blocks: UnsafePointer(bitPattern: keyBlocks.address),
            covered: UnsafeMutablePointer(bitPattern: zeros.address + UInt(counterBytes)),
            keys: UnsafeRawPointer(bitPattern: call.keys.address),
            values: UnsafeRawPointer(bitPattern: call.values.address),
            column_keys: UnsafeMutableRawPointer(bitPattern: columnKeys.address),
            column_values: UnsafeMutableRawPointer(bitPattern: columnValues.address),
            head_count: Int32(plan.heads.count), group_size: Int32(shape.groupSize),
            tile_count: Int32(tileCount), query_start: Int32(shape.queryStart),
            key_count: Int32(shape.keyCount), capacity: Int32(call.capacity),
            covered_words: Int32(coveredWords), row_bytes: Int32(rowBytes))
        let threads = 128
        try kernel(SM90AttentionForm.planTiles).launch(
            grid: LaunchSize((tileCount + threads - 1) / threads, plan.heads.count),
            block: LaunchSize(threads), arguments: planArguments)
        if !plan.columns.isEmpty {
            try kernel(SM90AttentionForm.planCover).launch(
                grid: LaunchSize((plan.longestBoxes + threads - 1) / threads, plan.heads.count),
                block: LaunchSize(threads), arguments: planArguments)
            let columnsPerBlock = 16
            try kernel(SM90AttentionForm.planColumns).launch(
                grid: LaunchSize(
                    (plan.longestColumns + columnsPerBlock - 1) / columnsPerBlock, plan.heads.count),
                block: LaunchSize(rowBytes / 16, columnsPerBlock), arguments: planArguments)
        }

        let dimension = shape.headDimension
        let box = [64, SlashBoxes.boxKeys, 1]
        func map(_ address: UInt, rows: Int, planeRows: Int, planes: Int) throws(ComputeError)
            -> mi_tensor_map
        {
            try context.tensorMap(
                address, dimensions: [dimension, rows, planes], strides: [rowBytes, planeRows * rowBytes],
                box: box)
        }
        // Keys beyond the last are not read: their memory may hold anything.
        let arguments = mi_sm90_attention_arguments(
            queries: try context.tensorMap(
                call.queries.address, dimensions: [dimension, shape.heads, shape.queryCount],
                strides: [rowBytes, shape.heads * rowBytes], box: [64, 1, SlashBoxes.tileRows]),
            keys: try map(
                call.keys.address, rows: shape.keyCount, planeRows: call.capacity, planes: shape.kvHeads),
            values: try map(
                call.values.address, rows: shape.keyCount, planeRows: call.capacity, planes: shape.kvHeads),
            column_keys: try map(columnKeys.address, rows: compactRows, planeRows: compactRows, planes: 1),
            column_values: try map(
                columnValues.address, rows: compactRows, planeRows: compactRows, planes: 1),
            output: UnsafeMutableRawPointer(bitPattern: call.output.address),
            tiles: UnsafePointer(bitPattern: tiles.address),
            boxes: UnsafePointer(bitPattern: boxes.address),
            columns: planArguments.columns,
            column_begin: UnsafePointer(bitPattern: memory.address + UInt(beginList)),
            covered: UnsafePointer(planArguments.covered),
            query_heads: UnsafePointer(bitPattern: memory.address + UInt(queryHeads)),
            next_item: UnsafeMutablePointer(bitPattern: zeros.address),
            head_count: Int32(plan.heads.count), head_run: Int32(plan.run),
            row_stride: Int32(shape.heads * dimension), group_size: Int32(shape.groupSize),
            tile_count: Int32(tileCount), query_start: Int32(shape.queryStart),
            query_count: Int32(shape.queryCount), covered_words: Int32(coveredWords),
            score_scale: call.scoreScale)
        try kernel(form.specification).launch(
            grid: LaunchSize(min(context.properties.multiprocessors, tileCount * plan.heads.count)),
            block: LaunchSize(SM90AttentionForm.threads), arguments: arguments)
    }
}
