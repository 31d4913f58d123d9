import CUDAKernels

/// The kernels of `sm80_estimate.cu` for one head size and number of heads of a block.
struct EstimateKernels: Sendable {
    let maxima: KernelSpecification
    let rowShifts: KernelSpecification
    let lines: KernelSpecification
    let overlaps: KernelSpecification
    let splits: KernelSpecification

    private struct Key: Hashable {
        let headDimension: Int
        let heads: Int
    }

    private static let known: [Key: EstimateKernels] = {
        var kernels: [Key: EstimateKernels] = [:]
        for dimension in [64, 96, 128, 256] {
            for heads in 1...8 / EstimatePlan.splits(headDimension: dimension) {
                kernels[Key(headDimension: dimension, heads: heads)] =
                    EstimateKernels(headDimension: dimension, heads: heads)
            }
        }
        return kernels
    }()

    /// The kernels for a head size, a multiple of 16 up to 256.
    static func kernels(headDimension: Int, heads: Int) -> EstimateKernels {
        known[Key(headDimension: headDimension, heads: heads)]
            ?? EstimateKernels(headDimension: headDimension, heads: heads)
    }

    private init(headDimension: Int, heads: Int) {
        let streams = EstimatePlan.streams(headDimension: headDimension, heads: heads)
        let warps = heads * streams * EstimatePlan.splits(headDimension: headDimension)
        // Two stages of padded keys; the sums along lines go through two small buffers per warp, see the kernel.
        let stages = 2 * streams * MI_ESTIMATE_STAGE_KEYS * (2 * headDimension + 16)
        let tile = MI_ESTIMATE_TILE_KEYS
        let buffers = warps * 8 * (tile + 8 + 2 * tile + 8) * 4
        func kernel(_ entry: String, sharedBytes: Int = 0) -> KernelSpecification {
            KernelSpecification(
                source: "sm80_estimate.cu", entry: entry,
                definitions: ["HEAD_DIM": headDimension, "HEADS": heads, "STREAMS": streams],
                dynamicSharedBytes: sharedBytes)
        }
        maxima = kernel("estimate_maxima", sharedBytes: stages)
        rowShifts = kernel("estimate_row_shifts")
        lines = kernel("estimate_lines", sharedBytes: stages + buffers)
        overlaps = kernel("estimate_overlaps")
        splits = kernel("estimate_splits")
    }

    fileprivate static let entries = known.values.flatMap {
        [$0.maxima, $0.rowShifts, $0.lines, $0.overlaps, $0.splits].map { KernelCatalog.Entry($0) }
    }
}

/// The kernels of `sm80_select.cu` and `sm80_mass.cu`.
enum SelectionKernels {
    static let histogram = KernelSpecification(source: "sm80_select.cu", entry: "select_histogram")
    static let bin = KernelSpecification(source: "sm80_select.cu", entry: "select_bin")
    static let count = KernelSpecification(source: "sm80_select.cu", entry: "select_count")
    static let write = KernelSpecification(source: "sm80_select.cu", entry: "select_write")

    static let massTotals = KernelSpecification(source: "sm80_mass.cu", entry: "mass_totals")
    static let massColumns = KernelSpecification(source: "sm80_mass.cu", entry: "mass_columns")
    static let massCells = KernelSpecification(source: "sm80_mass.cu", entry: "mass_cells")
    static let massLowest = KernelSpecification(source: "sm80_mass.cu", entry: "mass_lowest")
    static let massCountColumns = KernelSpecification(source: "sm80_mass.cu", entry: "mass_count_columns")
    static let massWriteColumns = KernelSpecification(source: "sm80_mass.cu", entry: "mass_write_columns")
    static let massWriteCells = KernelSpecification(source: "sm80_mass.cu", entry: "mass_write_cells")

    fileprivate static let entries = [
        histogram, bin, count, write, massTotals, massColumns, massCells, massLowest, massCountColumns,
        massWriteColumns, massWriteCells,
    ].map { KernelCatalog.Entry($0) }
}

extension KernelCatalog {
    static let estimates = EstimateKernels.entries + SelectionKernels.entries
}
