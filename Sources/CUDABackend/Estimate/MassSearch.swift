import CUDAKernels
import Compute
import SparseAttention

/// Finds the candidates of choices by mass; exactly those of `LineMasses`.
struct MassSearch {
    /// One head, with places for what is found.
    struct Problem {
        let columns: UInt
        let distances: UInt
        let extents: LineExtents
        /// A `mi_mass_result`, zero to begin with.
        let result: UInt
        /// Places, own and claimed masses of `extents.columnLimit` columns.
        let columnLines: UInt
        /// Places, own and claimed masses of `extents.candidateCellLimit` cells.
        let cellLines: UInt
    }

    private let backend: CUDABackend

    init(_ backend: CUDABackend) { self.backend = backend }

    /// Whether the kernels take cells of this width.
    static func supports(_ extents: LineExtents) -> Bool {
        let width = extents.cellWidth
        return width & (width - 1) == 0 && width <= MI_MASS_TILE
    }

    /// Queues the search. All problems have the same ranges of lines; only limits differ.
    func queue(_ problems: [Problem]) throws(ComputeError) {
        guard let extents = problems.first?.extents else { return }
        let tileLines = MI_MASS_TILE
        let tiles = (max(extents.columnRange.count, extents.distanceRange.count) + tileLines - 1) / tileLines
        let count = problems.count
        var layout = DeviceLayout()
        let counts = layout.place(2 * count * MI_MASS_BUCKETS, of: Int32.self)
        let countBytes = layout.byteCount
        let lowest = layout.place(2 * count, of: Int32.self)
        let tileCounts = layout.place(count * tiles, of: Int32.self)
        let cells = layout.place(2 * count * extents.cellCount, of: Float.self)
        let memory = try backend.allocate(byteCount: layout.byteCount)
        try backend.stream.fill(memory.address, byte: 0, byteCount: countBytes)
        let list = try backend.upload(
            problems.enumerated().map { number, problem in
                Self.argument(
                    problem,
                    cells: memory.address + UInt(cells + 8 * number * extents.cellCount))
            })
        let shape = extents.shape
        let arguments = mi_mass_arguments(
            problems: devicePointer(list.address), counts: devicePointer(memory.address + UInt(counts)),
            lowest: devicePointer(memory.address + UInt(lowest)),
            tile_counts: devicePointer(memory.address + UInt(tileCounts)), problem_count: Int32(count),
            tiles: Int32(tiles), key_count: Int32(shape.keyCount), query_start: Int32(shape.queryStart),
            query_count: Int32(shape.queryCount), rows: Int32(extents.rows), sinks: Int32(extents.sinks),
            local: Int32(extents.local), column_first: Int32(extents.columnRange.lowerBound),
            column_end: Int32(extents.columnRange.upperBound),
            distance_first: Int32(extents.distanceRange.lowerBound),
            distance_end: Int32(extents.distanceRange.upperBound), cell_width: Int32(extents.cellWidth),
            cell_reach: Int32(extents.cellReach), cell_count: Int32(extents.cellCount))
        let grid = LaunchSize(tiles, count)
        func launch(_ specification: KernelSpecification, _ grid: LaunchSize, block: LaunchSize = 256)
            throws(ComputeError)
        {
            try backend.kernel(specification).launch(grid: grid, block: block, arguments: arguments)
        }
        try launch(SelectionKernels.massTotals, LaunchSize(min(tiles, 64), count))
        try launch(SelectionKernels.massColumns, grid)
        try launch(SelectionKernels.massCells, grid)
        try launch(SelectionKernels.massLowest, LaunchSize(count, 2), block: 1024)
        try launch(SelectionKernels.massCountColumns, grid)
        try launch(SelectionKernels.massWriteColumns, grid)
        try launch(SelectionKernels.massWriteCells, LaunchSize(count), block: 1024)
    }

    private static func argument(_ problem: Problem, cells: UInt) -> mi_mass_problem {
        func lines(_ address: UInt, _ count: Int) -> mi_mass_lines {
            mi_mass_lines(
                places: devicePointer(address), own: devicePointer(address + UInt(4 * count)),
                claimed: devicePointer(address + UInt(8 * count)))
        }
        let extents = problem.extents
        return mi_mass_problem(
            columns: devicePointer(problem.columns), distances: devicePointer(problem.distances),
            result: devicePointer(problem.result),
            column_lines: lines(problem.columnLines, extents.columnLimit),
            cell_lines: lines(problem.cellLines, extents.candidateCellLimit),
            cells: devicePointer(cells), column_limit: Int32(extents.columnLimit),
            cell_limit: Int32(extents.cellLimit))
    }

    /// The candidates that came back: offsets as in `Problem`, but into `bytes`.
    static func candidates(
        in bytes: UnsafeRawBufferPointer, result: Int, columnLines: Int, cellLines: Int, extents: LineExtents
    ) -> MassCandidates {
        let found = bytes.load(fromByteOffset: result, as: mi_mass_result.self)
        func array<Element: BitwiseCopyable>(_ offset: Int, _ count: Int, of: Element.Type) -> [Element] {
            Array(
                UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 4 * count]).bindMemory(
                    to: Element.self))
        }
        func lines(_ offset: Int, _ limit: Int, _ count: Int32) -> MassCandidates.Lines {
            MassCandidates.Lines(
                places: array(offset, Int(count), of: Int32.self),
                own: array(offset + 4 * limit, Int(count), of: Float.self),
                claimed: array(offset + 8 * limit, Int(count), of: Float.self))
        }
        return MassCandidates(
            totals: MassTotals(all: found.all, forced: found.forced, own: found.own),
            columns: lines(columnLines, extents.columnLimit, found.columns),
            cells: lines(cellLines, extents.candidateCellLimit, found.cells))
    }
}
