import SparseAttention

/// Every kernel that the backend may ask for, so that all of them can be compiled and checked without a GPU.
package enum KernelCatalog {
    /// One kernel and what its code must be like.
    package struct Entry: Sendable {
        /// The kernel.
        package let specification: KernelSpecification
        /// The oldest architecture that it is compiled for; `.sm90` means Hopper alone.
        package let minimum: Architecture
        /// Whether the code must hold warp-group matrix products, which a compiler could also leave out.
        package let needsWarpGroupProducts: Bool

        package init(
            _ specification: KernelSpecification, minimum: Architecture = .sm80,
            needsWarpGroupProducts: Bool = false
        ) {
            self.specification = specification
            self.minimum = minimum
            self.needsWarpGroupProducts = needsWarpGroupProducts
        }
    }

    /// All entries; each operator's file has its own list.
    package static let all: [Entry] =
        conversions + elementwise + rotary + decode + kvQuantize + selection + rows + blocks + antidiagonals
        + keyEnergies + memoryBlocks + rowBits + estimates + attention + mergedAttention + repositioned
        + hopperAttention

    /// What a model with the heads of `shape` may need: everything but kernels of other head sizes and, in the estimator,
    /// of other numbers of heads per thread block.
    package static func entries(for shape: AttentionShape) -> [Entry] {
        let wanted = [
            "HEAD_DIM": shape.headDimension, "HEADS": EstimatePlan(shape: shape, rows: 1).headsPerBlock,
        ]
        return all.filter { entry in
            wanted.allSatisfy { name, value in
                entry.specification.unit.value(of: name).map { $0 == value } ?? true
            }
        }
    }
}
