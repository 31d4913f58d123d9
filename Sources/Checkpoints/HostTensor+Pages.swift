import Compute

/// Which pages of a mapped checkpoint are in memory; nothing happens to tensors that lie elsewhere.
extension HostTensor {
    /// Asks the system to read the tensor ahead of its use.
    package func prefetchPages() { (owner as? MappedFile)?.prefetch(bytes) }

    /// Gives the tensor's pages back to the system once a device holds the numbers.
    package func releasePages() { (owner as? MappedFile)?.release(bytes) }
}
