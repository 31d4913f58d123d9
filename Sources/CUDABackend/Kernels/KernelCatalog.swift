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
}
