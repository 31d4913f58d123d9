/// A moment in the work of a device, which may still lie ahead when it is marked.
public protocol TimeMark {
    /// Seconds from `start`, a mark of the same device; waits for this moment.
    func seconds(since start: any TimeMark) throws -> Double
}
