import Synchronization

/// Tells each result of an evaluation as it comes, with how many there are and how long the rest may take.
final class ProgressCounter: Sendable {
    private let done: Int
    private let total: Int
    private let start = ContinuousClock.now
    private let count = Mutex(0)

    init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }

    func note(_ result: String) {
        let new = count.withLock { count in
            count += 1
            return count
        }
        let left = (ContinuousClock.now - start).inSeconds / Double(new) * Double(total - done - new)
        Terminal.note("\(done + new)/\(total) \(result), \(Format.seconds(left)) left")
    }
}
