import CPUKernels
import Compute
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the threads of a pool share: one loop at a time, and a place to sleep.
///
/// `ticket` says everything about the loop that must change at once: its number, whether it is open, and how many
/// workers are inside. A worker enters by counting itself in while the loop is open. The caller closes the loop when
/// the indexes have run out and waits until nobody is inside. The plain fields are written only while nobody is inside
/// and read only by those who are.
final class WorkerPoolState: @unchecked Sendable {
    /// How often a waiting thread looks before it sleeps: some 50 microseconds.
    private static let spins = 2_000
    private static let open: UInt64 = 1 << 31
    private static let inside: UInt64 = open - 1

    private let busy = Atomic<Bool>(false)
    private let ticket = Atomic<UInt64>(0)
    private let next = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let callerSleeps = Atomic<Bool>(false)
    private let stopping = Atomic<Bool>(false)

    private var count = 0
    private var cancellation: CancellationFlag?
    private var body: ((Int) -> Void)?

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let emptied = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(opened, nil)
        pthread_cond_init(emptied, nil)
    }

    deinit {
        pthread_cond_destroy(emptied)
        pthread_cond_destroy(opened)
        pthread_mutex_destroy(mutex)
        emptied.deallocate()
        opened.deallocate()
        mutex.deallocate()
    }

    // MARK: The caller

    /// Takes the pool for one loop; false when a loop is running already.
    func acquire() -> Bool { !busy.exchange(true, ordering: .acquiring) }

    /// Gives the pool back.
    func release() { busy.store(false, ordering: .releasing) }

    /// Opens a loop, takes part in it, closes it and waits for the workers inside.
    func run(count: Int, cancellation: CancellationFlag?, _ body: @escaping (Int) -> Void) {
        self.count = count
        self.cancellation = cancellation
        self.body = body
        next.store(0, ordering: .relaxed)
        let number = (ticket.load(ordering: .relaxed) >> 32) &+ 1
        ticket.store(number << 32 | Self.open, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
            pthread_mutex_lock(mutex)
            pthread_cond_broadcast(opened)
            pthread_mutex_unlock(mutex)
        }
        work()
        ticket.bitwiseAnd(~Self.open, ordering: .sequentiallyConsistent)
        waitUntilEmpty()
        self.body = nil
        self.cancellation = nil
    }

    private var isEmpty: Bool { ticket.load(ordering: .sequentiallyConsistent) & Self.inside == 0 }

    private func waitUntilEmpty() {
        for _ in 0..<Self.spins {
            if isEmpty { return }
            mi_spin_pause()
        }
        pthread_mutex_lock(mutex)
        callerSleeps.store(true, ordering: .sequentiallyConsistent)
        while !isEmpty { pthread_cond_wait(emptied, mutex) }
        callerSleeps.store(false, ordering: .relaxed)
        pthread_mutex_unlock(mutex)
    }

    /// Asks all workers to return.
    func shutDown() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(opened)
        pthread_mutex_unlock(mutex)
    }

    // MARK: Everybody

    /// Takes indexes until they run out.
    private func work() {
        let body = body!
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= count { return }
            if let cancellation, cancellation.isCancelled { return }
            body(index)
        }
    }

    // MARK: A worker

    /// A worker's life: enter each loop that opens, sleep when none does.
    func serve() {
        var last: UInt64 = 0
        while let entered = waitForLoop(after: last) {
            last = entered >> 32
            if enter(entered) {
                work()
                leave()
            }
        }
    }

    /// The ticket of an open loop other than number `last`; nil when the pool ends.
    private func waitForLoop(after last: UInt64) -> UInt64? {
        for _ in 0..<Self.spins {
            if let ticket = openTicket(after: last) { return ticket }
            if stopping.load(ordering: .relaxed) { return nil }
            mi_spin_pause()
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { sleepers.wrappingSubtract(1, ordering: .relaxed) }
        while true {
            if let ticket = openTicket(after: last) { return ticket }
            if stopping.load(ordering: .sequentiallyConsistent) { return nil }
            pthread_cond_wait(opened, mutex)
        }
    }

    private func openTicket(after last: UInt64) -> UInt64? {
        let ticket = ticket.load(ordering: .sequentiallyConsistent)
        return ticket & Self.open != 0 && ticket >> 32 != last ? ticket : nil
    }

    /// Counts this worker in, unless the loop was closed meanwhile.
    private func enter(_ seen: UInt64) -> Bool {
        var expected = seen
        while expected >> 32 == seen >> 32 && expected & Self.open != 0 {
            let (exchanged, original) = ticket.weakCompareExchange(
                expected: expected, desired: expected + 1, ordering: .sequentiallyConsistent)
            if exchanged { return true }
            expected = original
        }
        return false
    }

    private func leave() {
        let remaining = ticket.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
        guard remaining & (Self.open | Self.inside) == 0,
            callerSleeps.load(ordering: .sequentiallyConsistent)
        else { return }
        pthread_mutex_lock(mutex)
        pthread_cond_signal(emptied)
        pthread_mutex_unlock(mutex)
    }
}
