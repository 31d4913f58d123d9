import CUDAKernels
import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension CUDAProbe {
    /// Exact probabilities of one row: scores on the device, the softmax on the host.
    func probabilities(head: Int, row: Int) throws -> [Float] {
        let count = shape.queryStart + row + 1
        let scores = try backend.allocate(byteCount: count * 4)
        let samples = try DeviceSamples([sample(head: head, row: row)], on: backend)
        var arguments = arguments(samples)
        arguments.scores = UnsafeMutablePointer(bitPattern: scores.address)
        arguments.score_stride = Int64(count)
        try kernel(Self.rowScores).launch(
            grid: LaunchSize(splits(groups: 1)),
            block: Self.rowBlock, arguments: arguments)
        return Self.softmax(try backend.download(scores.address, count: count, as: Float.self))
    }

    /// The kept shares of many rows in one pass over the keys of each key head; nothing as long as the keys comes
    /// back.
    func keptMasses(_ rows: [SampledRow]) throws -> [Double] {
        guard !rows.isEmpty else { return [] }
        // Rows of a key head next to each other, so that they share a pass.
        let kvHeads = rows.map { $0.head / shape.groupSize }
        let order = rows.indices.sorted { (kvHeads[$0], $0) < (kvHeads[$1], $1) }
        let samples = try DeviceSamples(
            order.map { sample(head: rows[$0].head, row: rows[$0].row) }, on: backend)
        let words = (shape.keyCount + 31) / 32
        let kept = try keptBits(order.map { rows[$0] }, words: words)
        let splits = splits(groups: samples.groupCount)
        let parts = try backend.allocate(
            byteCount: rows.count * splits * MemoryLayout<mi_row_mass>.stride)
        var arguments = arguments(samples)
        arguments.kept = UnsafePointer(bitPattern: kept.address)
        arguments.masses = UnsafeMutablePointer(bitPattern: parts.address)
        arguments.words = Int32(words)
        try kernel(Self.rowMass).launch(
            grid: LaunchSize(splits, samples.groupCount), block: Self.rowBlock,
            arguments: arguments)
        let found = try backend.download(parts.address, count: rows.count * splits, as: mi_row_mass.self)
        var masses = [Double](repeating: 1, count: rows.count)
        for (place, row) in order.enumerated() {
            masses[row] = Self.keptShare(found[place * splits..<(place + 1) * splits])
        }
        return masses
    }

    /// A bit per row and key, set for the keys that the row's index keeps.
    private func keptBits(_ rows: [SampledRow], words: Int) throws -> DeviceMemory {
        var ranges: [mi_key_range] = []
        for (number, row) in rows.enumerated() {
            for range in row.index.keptRanges(row: row.row, shape: shape, geometry: geometry) {
                ranges.append(
                    mi_key_range(
                        sample: Int32(number), begin: Int32(range.lowerBound), end: Int32(range.upperBound)))
            }
        }
        let bits = try backend.allocate(byteCount: rows.count * words * 4)
        try backend.stream.fill(bits.address, byte: 0, byteCount: rows.count * words * 4)
        guard !ranges.isEmpty else { return bits }
        let list = try backend.upload(ranges)
        let rangesPerBlock = 8
        try backend.kernel(.rangeBits).launch(
            grid: LaunchSize((ranges.count + rangesPerBlock - 1) / rangesPerBlock),
            block: LaunchSize(32 * rangesPerBlock),
            arguments: mi_range_bits_arguments(
                ranges: UnsafePointer(bitPattern: list.address),
                bits: UnsafeMutablePointer(bitPattern: bits.address), range_count: Int64(ranges.count),
                words: Int32(words)))
        return bits
    }

    private func sample(head: Int, row: Int) -> mi_row_sample {
        mi_row_sample(
            query: UnsafeRawPointer(bitPattern: query(head: head, row: row)),
            position: Int32(shape.queryStart + row), kv_head: Int32(head / shape.groupSize))
    }

    private func arguments(_ samples: DeviceSamples) -> mi_row_mass_arguments {
        var arguments = mi_row_mass_arguments()
        arguments.samples = UnsafePointer(bitPattern: samples.samples.address)
        arguments.group_starts = UnsafePointer(bitPattern: samples.groupStarts.address)
        arguments.keys = UnsafeRawPointer(bitPattern: cache.keys.address)
        arguments.capacity = Int64(cache.capacity)
        arguments.score_scale = scoreScale
        return arguments
    }

    /// Thread blocks along the keys: some waves, each with at least a tile of keys for every warp.
    private func splits(groups: Int) -> Int {
        let blockKeys = 16 * MI_ROW_MASS_WARPS
        let most = (shape.keyCount + blockKeys - 1) / blockKeys
        return max(1, min(most, 4 * backend.context.properties.multiprocessors / groups))
    }

    /// The kept share of a row's mass from its parts, in order.
    static func keptShare(_ parts: some Sequence<mi_row_mass>) -> Double {
        let highest = parts.reduce(-Float.infinity) { max($0, $1.maximum) }
        var (total, kept) = (0.0, 0.0)
        for part in parts {
            let factor = exp2(Double(part.maximum - highest))
            total += factor * Double(part.total)
            kept += factor * Double(part.kept)
        }
        return total > 0 ? min(kept / total, 1) : 1
    }

    /// Probabilities of scores in units of log2.
    static func softmax(_ scores: [Float]) -> [Float] {
        let highest = scores.max() ?? 0
        let powers = scores.map { exp2(Double($0 - highest)) }
        let inverse = 1 / powers.reduce(0, +)
        return powers.map { Float($0 * inverse) }
    }

    private static let rowBlock = LaunchSize(32 * MI_ROW_MASS_WARPS)
    private static let rowMass = KernelSpecification.perHeadDimension(
        source: "sm80_row_mass.cu", entry: "row_mass")
    private static let rowScores = KernelSpecification.perHeadDimension(
        source: "sm80_row_mass.cu", entry: "row_scores")

    fileprivate static var rowKernels: [KernelSpecification] { [rowMass, rowScores].flatMap(\.values) }
}

/// Query rows in device memory, grouped as thread blocks take them.
private struct DeviceSamples {
    let samples: DeviceMemory
    let groupStarts: DeviceMemory
    let groupCount: Int

    /// Uploads rows that are sorted by key head.
    init(_ rows: [mi_row_sample], on backend: CUDABackend) throws(ComputeError) {
        var starts: [Int32] = [0]
        for index in rows.indices.dropFirst() {
            let isFull = index - Int(starts[starts.count - 1]) == MI_ROW_MASS_SAMPLES
            if isFull || rows[index].kv_head != rows[index - 1].kv_head { starts.append(Int32(index)) }
        }
        groupCount = starts.count
        samples = try backend.upload(rows)
        groupStarts = try backend.upload(starts + [Int32(rows.count)])
    }
}

extension KernelSpecification {
    fileprivate static let rangeBits = KernelSpecification(source: "sm80_range_bits.cu", entry: "range_bits")
}

extension KernelCatalog {
    static let rows = ([.rangeBits] + CUDAProbe.rowKernels).map { Entry($0) }
}
