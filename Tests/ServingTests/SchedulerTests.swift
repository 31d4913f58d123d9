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

    @Test(
        "clients that ask again at once delay long prompts by a bounded factor, and few requests run",
        arguments: [1, 4, 12])
    func boundedWait(longCount: Int) {
        let (longWork, shortWork, tokens, decodeSeconds) = (60.0, 1.0, 8, 0.5)
        var scheduler = scheduler(memory: 10000)
        var remaining: [JobID: Double] = [:]
        var answers: [JobID: Int] = [:]
        var arrival: [JobID: Double] = [:]
        var (time, longestShort, longestLong, mostRunning) = (0.0, 0.0, 0.0, 0)
        func ask(_ number: Int, _ work: Double) {
            let id = JobID(UInt64(number))
            _ = scheduler.submit(id, memoryBytes: 1, work: work, now: time)
            (remaining[id], arrival[id]) = (work, time)
        }
        for number in 0..<longCount { ask(number, longWork) }
        var next = longCount
        for _ in 0..<8 {
            ask(next, shortWork)
            next += 1
        }
        var longLeft = longCount
        while longLeft > 0, time < 1e5 {
            _ = scheduler.admit()
            mostRunning = max(mostRunning, scheduler.runningCount)
            switch scheduler.next() {
            case .prefill(let id):
                let work = min(0.5, remaining[id]!)
                (time, remaining[id]!) = (time + work, remaining[id]! - work)
                let isDone = remaining[id]! <= 0
                scheduler.prefilled(id, work: work, seconds: work, isDone: isDone)
                guard isDone else { continue }
                answers[id] = tokens
                if id.number < longCount {
                    longestLong = max(longestLong, time - arrival[id]!)
                    longLeft -= 1
                } else {
                    longestShort = max(longestShort, time - arrival[id]!)
                }
            case .decode(let ids):
                time += decodeSeconds
                scheduler.decoded(seconds: decodeSeconds)
                for id in ids {
                    answers[id]! -= 1
                    guard answers[id]! == 0 else { continue }
                    scheduler.remove(id)
                    // Long ones are asked once.
                    guard id.number >= longCount else { continue }
                    ask(next, shortWork)
                    next += 1
                }
            case nil: Issue.record("nothing to do")
            }
        }
        // A quarter of all the time is the oldest prompt's, two fifths when two are overtaken, half of it for more.
        let bound = (1...longCount).reduce(0.0) { $0 + longWork * max(2, 1 + 3 / Double($1)) }
        #expect(longestLong <= bound * 1.25, "\(longestLong) s for a bound of \(bound) s")
        // All of them together, and as much again for the oldest prompt.
        let shorts = 8 * (shortWork + Double(tokens) * decodeSeconds)
        #expect(longestShort <= 2 * shorts, "a short one waited \(longestShort) s")
        #expect(mostRunning <= 2 + 8)
    }

    @Test("answers take a step after every step of a prompt, and at most their share of the time")
    func decodeBetween() {
        var scheduler = scheduler()
        _ = scheduler.submit(Self.ids[0], memoryBytes: 1, work: 1, now: 0)
        _ = scheduler.submit(Self.ids[1], memoryBytes: 1, work: 1000, now: 0)
        _ = scheduler.admit()
        scheduler.prefilled(Self.ids[0], work: 1, seconds: 1, isDone: true)
        _ = scheduler.admit()
        var (prefill, decode, sinceDecode) = (0.0, 0.0, 0)
        for _ in 0..<2000 {
            switch scheduler.next() {
            case .prefill(let id):
                #expect(id == Self.ids[1])
                prefill += 0.125
                sinceDecode += 1
                scheduler.prefilled(id, work: 0.125, seconds: 0.125, isDone: false)
            case .decode(let ids):
                #expect(ids == [Self.ids[0]])
                // A sixty-fourth, so that sums are exact.
                decode += 0.015625
                sinceDecode = 0
                scheduler.decoded(seconds: 0.015625)
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
        _ = scheduler.admit()
        scheduler.decoded(seconds: 50)
        #expect(scheduler.next() == .prefill(Self.ids[1]))
        scheduler.prefilled(Self.ids[1], work: 1, seconds: 1, isDone: false)
        #expect(scheduler.next() == .decode([Self.ids[0]]))
    }

    @Test("a request starts when its prompt is next, not before")
    func lateStart() {
        var scheduler = scheduler(memory: 10000)
        for number in 0..<20 { _ = scheduler.submit(Self.ids[number], memoryBytes: 1, work: 20, now: 0) }
        #expect(scheduler.admit() == Self.ids[0])
        #expect(scheduler.admit() == nil)
        #expect(scheduler.runningCount == 1 && scheduler.waitingCount == 19)
        // A shorter one comes and is next; what began before waits with what it has.
        _ = scheduler.submit(Self.ids[20], memoryBytes: 1, work: 1, now: 0)
        #expect(scheduler.admit() == Self.ids[20])
        #expect(scheduler.next() == .prefill(Self.ids[20]))
        scheduler.prefilled(Self.ids[20], work: 1, seconds: 1, isDone: true)
        scheduler.remove(Self.ids[20])
        #expect(scheduler.admit() == nil)
        #expect(scheduler.next() == .prefill(Self.ids[0]))
        #expect(scheduler.runningCount == 1)
    }

    @Test("what never fits is refused, what does not fit now waits")
    func memory() {
        var scheduler = scheduler(memory: 100)
        #expect(scheduler.submit(Self.ids[0], memoryBytes: 101, work: 1, now: 0) == .tooLarge)
        #expect(scheduler.submit(Self.ids[1], memoryBytes: 80, work: 1, now: 0) == .accepted)
        #expect(scheduler.submit(Self.ids[2], memoryBytes: 80, work: 1, now: 0) == .accepted)
        #expect(scheduler.admit() == Self.ids[1])
        #expect(scheduler.memoryInUse == 80)
        scheduler.prefilled(Self.ids[1], work: 1, seconds: 1, isDone: true)
        #expect(scheduler.admit() == nil)
        scheduler.remove(Self.ids[1])
        #expect(scheduler.admit() == Self.ids[2])
    }

    @Test("a large request is overtaken a few times, then memory is kept for it")
    func overtaking() {
        var scheduler = scheduler(memory: 100, overtakings: 2)
        _ = scheduler.submit(Self.ids[0], memoryBytes: 60, work: 1, now: 0)
        #expect(scheduler.admit() == Self.ids[0])
        scheduler.prefilled(Self.ids[0], work: 1, seconds: 1, isDone: true)
        _ = scheduler.submit(Self.ids[1], memoryBytes: 90, work: 1, now: 0)
        for number in 2..<6 { _ = scheduler.submit(Self.ids[number], memoryBytes: 10, work: 5, now: 0) }
        func start() -> JobID? {
            let id = scheduler.admit()
            if let id { scheduler.prefilled(id, work: 5, seconds: 1, isDone: true) }
            return id
        }
        #expect([start(), start(), start()] == [Self.ids[2], Self.ids[3], nil])
        for id in [Self.ids[0], Self.ids[2], Self.ids[3]] { scheduler.remove(id) }
        #expect([start(), start(), start()] == [Self.ids[1], Self.ids[4], nil])
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
        while let id = scheduler.admit() ?? (scheduler.isIdle ? nil : Self.ids.first) {
            scheduler.remove(id)
            if scheduler.isIdle { break }
            for other in Self.ids { scheduler.remove(other) }
        }
        #expect(scheduler.isIdle && scheduler.memoryInUse == 0 && scheduler.next() == nil)
    }
}
