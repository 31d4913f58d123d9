import CUDAKernels
import Compute
import SparseAttention

/// Finds the lines with the highest sums, many lists at a time; exactly what `TopLines` keeps.
struct CountSearch {
    /// One list of sums and where its kept lines go.
    struct Problem {
        let sums: UInt
        let lines: UInt
        let count: VerticalSlashPlan.LineCount
    }

    private let backend: CUDABackend
    private let lineCount: Int

    /// A search in lists of `lineCount` sums.
    init(_ backend: CUDABackend, lineCount: Int) {
        self.backend = backend
        self.lineCount = lineCount
    }

    /// Queues the search: `count` lines of each problem, ascending, as `Int32`.
    func queue(_ problems: [Problem]) throws(ComputeError) {
        guard !problems.isEmpty else { return }
        let tileLines = MI_SELECT_TILE
        let (bins, levels) = (MI_SELECT_BINS, MI_SELECT_LEVELS)
        let tiles = (lineCount + tileLines - 1) / tileLines
        let list = try backend.upload(
            problems.map {
                mi_select_problem(
                    scores: devicePointer($0.sums), lines: devicePointer($0.lines),
                    count: Int32($0.count.count), forced: Int32($0.count.forced))
            })
        var layout = DeviceLayout()
        let histograms = layout.place(levels * problems.count * bins, of: UInt32.self)
        let histogramBytes = layout.byteCount
        let states = layout.place(problems.count, of: mi_select_state.self)
        let counts = layout.place(2 * problems.count * tiles, of: Int32.self)
        let memory = try backend.allocate(byteCount: layout.byteCount)
        try backend.stream.fill(memory.address, byte: 0, byteCount: histogramBytes)
        var arguments = mi_select_arguments(
            problems: devicePointer(list.address), states: devicePointer(memory.address + UInt(states)),
            histograms: devicePointer(memory.address + UInt(histograms)),
            tile_counts: devicePointer(memory.address + UInt(counts)), line_count: Int32(lineCount),
            problem_count: Int32(problems.count), tiles: Int32(tiles), level: 0)
        let grid = LaunchSize(tiles, problems.count)
        for level in 0..<levels {
            arguments.level = Int32(level)
            try backend.kernel(SelectionKernels.histogram).launch(
                grid: grid, block: 256, arguments: arguments)
            try backend.kernel(SelectionKernels.bin).launch(
                grid: LaunchSize(problems.count), block: 256, arguments: arguments)
        }
        try backend.kernel(SelectionKernels.count).launch(grid: grid, block: 256, arguments: arguments)
        try backend.kernel(SelectionKernels.write).launch(grid: grid, block: 256, arguments: arguments)
    }
}
