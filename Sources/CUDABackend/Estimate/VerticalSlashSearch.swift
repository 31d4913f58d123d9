import CUDAKernels
import Compute
import Dispatch
import SparseAttention

/// Chooses the vertical-slash indexes of several heads from line sums on the device: what is kept, or may be, comes to
/// the host in one piece, and indexes are made from it on all processors.
struct VerticalSlashSearch {
    /// Where the results of a head lie, as offsets into what is copied.
    private enum Place: Sendable {
        case dense
        case counts(columns: Range<Int>, distances: Range<Int>)
        case mass(VerticalSlashPlan.MassPlan, result: Int, columns: Int, cells: Int)
        /// The device would not make the lists short; the host looks at the sums themselves.
        case host
    }

    /// A budget that may keep more columns of a head than this is chosen from on the host.
    private static let longestList = 128 << 10

    private let backend: CUDABackend
    private let plans: [VerticalSlashPlan]
    private let lineCount: Int
    private let places: [Place]
    private let resultBytes: Int
    private let massBytes: Int

    /// One plan per head, over `lineCount` keys.
    init(_ backend: CUDABackend, plans: [VerticalSlashPlan], lineCount: Int) {
        self.backend = backend
        self.plans = plans
        self.lineCount = lineCount
        // The records that must be zero come first.
        var layout = DeviceLayout()
        let massCount = plans.count { if case .mass = $0 { true } else { false } }
        var nextRecord = layout.place(massCount, of: mi_mass_result.self)
        massBytes = layout.byteCount
        places = plans.map { plan in
            switch plan {
            case .dense: return .dense
            case .counts(let columns, let distances):
                func range(_ count: Int) -> Range<Int> {
                    let start = layout.place(count, of: Int32.self)
                    return start..<start + 4 * count
                }
                return .counts(columns: range(columns.count), distances: range(distances.count))
            case .mass(let mass):
                let extents = mass.extents
                guard MassSearch.supports(extents), extents.columnLimit <= Self.longestList else {
                    return .host
                }
                defer { nextRecord += MemoryLayout<mi_mass_result>.stride }
                return .mass(
                    mass, result: nextRecord, columns: layout.place(3 * extents.columnLimit, of: Float.self),
                    cells: layout.place(3 * extents.candidateCellLimit, of: Float.self))
            }
        }
        resultBytes = layout.byteCount
    }

    /// Whether some head's choice needs an estimate.
    var needsSums: Bool { plans.contains { if case .dense = $0 { false } else { true } } }

    /// The index of each plan from the sums of its head; waits for the device.
    func indexes(_ sums: DeviceLineSums, heads: [Int]) throws(ComputeError) -> [SlashIndex] {
        let memory = try backend.allocate(byteCount: resultBytes)
        try backend.stream.fill(memory.address, byte: 0, byteCount: massBytes)
        try queue(sums, heads: heads, results: memory.address)
        let bytes = try backend.downloads.copy(memory.address, byteCount: resultBytes)
        var indexes = [SlashIndex](repeating: .dense, count: plans.count)
        indexes.withUnsafeMutableBufferPointer { indexes in
            // Each index of the loop reads its own part and writes its own element.
            nonisolated(unsafe) let (indexes, bytes) = (indexes, bytes)
            let places = places
            DispatchQueue.concurrentPerform(iterations: places.count) { number in
                indexes[number] = Self.index(places[number], in: bytes)
            }
        }
        for number in places.indices {
            if case .host = places[number] {
                indexes[number] = try hostIndex(plans[number], sums, head: heads[number])
            }
        }
        return indexes
    }

    private func queue(_ sums: DeviceLineSums, heads: [Int], results: UInt) throws(ComputeError) {
        var counts: [CountSearch.Problem] = []
        var masses: [MassSearch.Problem] = []
        for (number, head) in heads.enumerated() {
            switch (places[number], plans[number]) {
            case (.counts(let columns, let distances), .counts(let columnCount, let distanceCount)):
                counts.append(
                    CountSearch.Problem(
                        sums: sums.columns(head), lines: results + UInt(columns.lowerBound),
                        count: columnCount))
                counts.append(
                    CountSearch.Problem(
                        sums: sums.distances(head), lines: results + UInt(distances.lowerBound),
                        count: distanceCount))
            case (.mass(let plan, let result, let columns, let cells), _):
                masses.append(
                    MassSearch.Problem(
                        columns: sums.columns(head), distances: sums.distances(head), extents: plan.extents,
                        result: results + UInt(result), columnLines: results + UInt(columns),
                        cellLines: results + UInt(cells)))
            default: break
            }
        }
        try CountSearch(backend, lineCount: lineCount).queue(counts)
        // One search takes heads that keep the same lines in any case, nearly always all of them.
        for ranges in Set(masses.map { [$0.extents.columnRange, $0.extents.distanceRange] }) {
            try MassSearch(backend).queue(
                masses.filter { [$0.extents.columnRange, $0.extents.distanceRange] == ranges })
        }
    }

    private static func index(_ place: Place, in bytes: UnsafeRawBufferPointer) -> SlashIndex {
        switch place {
        case .dense, .host: return .dense
        case .counts(let columns, let distances):
            func lines(_ range: Range<Int>) -> UnsafeBufferPointer<Int32> {
                UnsafeRawBufferPointer(rebasing: bytes[range]).bindMemory(to: Int32.self)
            }
            return SlashIndex(
                distances: SlashIndex.ranges(ofAscending: lines(distances)), columns: Array(lines(columns)))
        case .mass(let plan, let result, let columns, let cells):
            return plan.index(
                MassSearch.candidates(
                    in: bytes, result: result, columnLines: columns, cellLines: cells, extents: plan.extents))
        }
    }

    private func hostIndex(_ plan: VerticalSlashPlan, _ sums: DeviceLineSums, head: Int)
        throws(ComputeError) -> SlashIndex
    {
        let columns = try backend.download(sums.columns(head), count: lineCount, as: Float.self)
        let distances = try backend.download(sums.distances(head), count: lineCount, as: Float.self)
        return columns.withUnsafeBufferPointer { columns in
            distances.withUnsafeBufferPointer { plan.index(columns: columns, distances: $0) }
        }
    }
}
