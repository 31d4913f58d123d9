import Evaluation
import Synchronization

/// Tells each answer of an evaluation as it comes, with how many there are and how long the rest may take.
final class AnswerCounter: Sendable {
    private let done: Int
    private let total: Int
    private let start = ContinuousClock.now
    private let count = Mutex(0)

    init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }

    func note(_ record: RulerRecord) {
        let new = count.withLock { count in
            count += 1
            return count
        }
        let left = (ContinuousClock.now - start).inSeconds / Double(new) * Double(total - done - new)
        Terminal.note(
            "\(done + new)/\(total) \(record.task) \(record.length) #\(record.index) \(record.method): "
                + "\(Format.percent(record.score, digits: 0)), \(Format.seconds(record.seconds)), "
                + "\(Format.seconds(left)) left")
    }
}
