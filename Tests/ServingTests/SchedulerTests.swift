import Serving
import Testing

@Suite("Scheduler")
struct SchedulerTests {
    private static let ids = (1...200).map { JobID(UInt64($0)) }

    private func scheduler(
        memory: Int = 1000, running: Int = 64, waiting: Int = 256, waitSeconds: Double = 60,
        totalSeconds: Double = 600, overtakings: Int = 2
    ) -> Scheduler {
        Scheduler(
            limits: SchedulerLimits(
                memoryBytes: memory, running: running, waiting: waiting, waitSeconds: waitSeconds,
                totalSeconds: totalSeconds, overtakings: overtakings))
    }

    /// Lets a scheduler work, a unit of work a second, until request `id` has its first token; returns the time.
    private func firstToken(
        of id: JobID, _ scheduler: inout Scheduler, remaining: inout [JobID: Double], quantum: Double = 1,
        decodeSeconds: Double = 0.01
    ) -> Double {
        var time = 0.0
        while true {
            _ = scheduler.admit()
            switch scheduler.next() {
            case .prefill(let chosen):
                let work = min(quantum, remaining[chosen] ?? 0)
                remaining[chosen]! -= work
                time += work
                let isDone = remaining[chosen]! <= 0
                scheduler.prefilled(chosen, work: work, seconds: work, isDone: isDone)
                if chosen == id, isDone { return time }
            case .decode:
                time += decodeSeconds
                scheduler.decoded(seconds: decodeSeconds)
            case nil: return .infinity
            }
        }
    }

    @Test("a short prompt passes a long one that came before")
    func shortBesideLong() {
        var scheduler = scheduler()
        var remaining = [Self.ids[0]: 128.0, Self.ids[1]: 1.0]
        _ = scheduler.submit(Self.ids[0], memoryBytes: 1, work: 128, now: 0)
        _ = scheduler.admit()
        for _ in 0..<10 {
            #expect(scheduler.next() == .prefill(Self.ids[0]))
            scheduler.prefilled(Self.ids[0], work: 1, seconds: 1, isDone: false)
            remaining[Self.ids[0]]! -= 1
        }
        _ = scheduler.submit(Self.ids[1], memoryBytes: 1, work: 1, now: 10)
        #expect(firstToken(of: Self.ids[1], &scheduler, remaining: &remaining) <= 2)
    }

    @Test("the oldest prompt gets its share, however many short ones come")
    func longIsNotStarved() {
        var scheduler = scheduler(memory: 10000)
        _ = scheduler.submit(Self.ids[0], memoryBytes: 1, work: 50, now: 0)
        var remaining = [Self.ids[0]: 50.0]
        var next = 1
        var time = 0.0
        // A new short prompt whenever the last one is through: the long one is never the first to end.
        while remaining[Self.ids[0]]! > 0, time < 1000 {
            if next < Self.ids.count, remaining.count < 2 {
                _ = scheduler.submit(Self.ids[next], memoryBytes: 1, work: 2, now: time)
                remaining[Self.ids[next]] = 2
                next += 1
            }
            _ = scheduler.admit()
            guard case .prefill(let id)? = scheduler.next() else { break }
            remaining[id]! -= 1
            time += 1
            scheduler.prefilled(id, work: 1, seconds: 1, isDone: remaining[id]! <= 0)
            if remaining[id]! <= 0, id != Self.ids[0] {
                remaining[id] = nil
                scheduler.remove(id)
            }
        }
        // A quarter of the time: 50 units take about 200 seconds.
        #expect(time <= 210)
    }

    @Test("answers take a step after every step of a prompt, and at most their share of the time")
    func decodeBetween() {
        var scheduler = scheduler()
        _ = scheduler.submit(Self.ids[0], memoryBytes: 1, work: 1, now: 0)
        _ = scheduler.submit(Self.ids[1], memoryBytes: 1, work: 1000, now: 0)
        _ = scheduler.admit()
        scheduler.prefilled(Self.ids[0], work: 1, seconds: 1, isDone: true)
        var (prefill, decode, sinceDecode) = (0.0, 0.0, 0)
        for _ in 0..<2000 {
            switch scheduler.next() {
            case .prefill(let id):
                #expect(id == Self.ids[1])
                prefill += 0.1
                sinceDecode += 1
                scheduler.prefilled(id, work: 0.1, seconds: 0.1, isDone: false)
            case .decode(let ids):
                #expect(ids == [Self.ids[0]])
                decode += 0.01
                sinceDecode = 0
                scheduler.decoded(seconds: 0.01)
            case nil: Issue.record("nothing to do")
            }
            #expect(sinceDecode <= 1)
        }
        #expect(abs(decode / (decode + prefill) - 0.5) < 0.02)
    }

    @Test("a slow token still leaves prompts their turn")
    func slowDecode() {
        var scheduler = scheduler()
        _ = scheduler.submit(Self.ids[0], memoryBytes: 1, work: 1, now: 0)
        _ = scheduler.submit(Self.ids[1], memoryBytes: 1, work: 1000, now: 0)
        _ = scheduler.admit()
        scheduler.prefilled(Self.ids[0], work: 1, seconds: 1, isDone: true)
        scheduler.decoded(seconds: 50)
        #expect(scheduler.next() == .prefill(Self.ids[1]))
        scheduler.prefilled(Self.ids[1], work: 1, seconds: 1, isDone: false)
        #expect(scheduler.next() == .decode([Self.ids[0]]))
    }

    @Test("what never fits is refused, what does not fit now waits")
    func memory() {
        var scheduler = scheduler(memory: 100)
        #expect(scheduler.submit(Self.ids[0], memoryBytes: 101, work: 1, now: 0) == .tooLarge)
        #expect(scheduler.submit(Self.ids[1], memoryBytes: 80, work: 1, now: 0) == .accepted)
        #expect(scheduler.submit(Self.ids[2], memoryBytes: 80, work: 1, now: 0) == .accepted)
        #expect(scheduler.admit() == [Self.ids[1]])
        #expect(scheduler.memoryInUse == 80)
        #expect(scheduler.admit() == [])
        scheduler.remove(Self.ids[1])
        #expect(scheduler.admit() == [Self.ids[2]])
    }

    @Test("a large request is overtaken a few times, then memory is kept for it")
    func overtaking() {
        var scheduler = scheduler(memory: 100, overtakings: 2)
        _ = scheduler.submit(Self.ids[0], memoryBytes: 60, work: 1, now: 0)
        #expect(scheduler.admit() == [Self.ids[0]])
        _ = scheduler.submit(Self.ids[1], memoryBytes: 90, work: 1, now: 0)
        for number in 2..<6 { _ = scheduler.submit(Self.ids[number], memoryBytes: 10, work: 5, now: 0) }
        #expect(scheduler.admit() == [Self.ids[2], Self.ids[3]])
        #expect(scheduler.admit() == [])
        for id in [Self.ids[0], Self.ids[2], Self.ids[3]] { scheduler.remove(id) }
        #expect(scheduler.admit() == [Self.ids[1], Self.ids[4]])
    }

    @Test("too many waiting requests are told when to come back")
    func full() {
        var scheduler = scheduler(running: 1, waiting: 2)
        for number in 0..<2 {
            #expect(scheduler.submit(Self.ids[number], memoryBytes: 1, work: 100, now: 0) == .accepted)
            _ = scheduler.admit()
        }
        _ = scheduler.submit(Self.ids[2], memoryBytes: 1, work: 100, now: 0)
        scheduler.prefilled(Self.ids[0], work: 10, seconds: 1, isDone: false)
        guard case .full(let seconds) = scheduler.submit(Self.ids[3], memoryBytes: 1, work: 1, now: 0) else {
            Issue.record("a request too many was accepted")
            return
        }
        #expect((14...16).contains(seconds))
    }

    @Test("waiting and running have limits of time")
    func expiry() {
        var scheduler = scheduler(running: 1, waitSeconds: 10, totalSeconds: 100)
        _ = scheduler.submit(Self.ids[0], memoryBytes: 1, work: 1, now: 0)
        _ = scheduler.submit(Self.ids[1], memoryBytes: 1, work: 1, now: 5)
        _ = scheduler.admit()
        #expect(scheduler.expired(now: 14).isEmpty)
        #expect(scheduler.expired(now: 16).map(\.id) == [Self.ids[1]])
        #expect(scheduler.expired(now: 16).map(\.wasWaiting) == [true])
        scheduler.remove(Self.ids[1])
        #expect(scheduler.expired(now: 101).map(\.wasWaiting) == [false])
    }

    @Test("nothing is left of requests that ended")
    func idle() {
        var scheduler = scheduler()
        for id in Self.ids { _ = scheduler.submit(id, memoryBytes: 1, work: 1, now: 0) }
        while let id = scheduler.admit().first ?? (scheduler.isIdle ? nil : Self.ids.first) {
            scheduler.remove(id)
            if scheduler.isIdle { break }
            for other in Self.ids { scheduler.remove(other) }
        }
        #expect(scheduler.isIdle && scheduler.memoryInUse == 0 && scheduler.next() == nil)
    }
}
