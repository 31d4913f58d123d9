import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// The results of `body` for all elements, in order, from up to `threads` threads.
    package func parallelMap<Result: Sendable>(
        threads: Int = .max, _ body: @Sendable (Element) -> Result
    ) -> [Result] {
        let next = Atomic<Int>(0)
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: Swift.min(threads, count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = body(self[index])
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.map { $0! } }
    }
}
