/// Decides which request takes the next step on a device that does one thing at a time.
///
/// Prompts go in the order in which they would end if all shared the device equally, so a short one beside a long one is
/// done after about its own time. Source: Friedman and Henderson, "Fairness and efficiency in web server protocols"
/// (2003), the fair sojourn protocol. A share of the time belongs to the oldest prompt whatever its place in that order,
/// the greater the more prompts are overtaken: clients that ask anew as soon as they have an answer could hold them up
/// for ever otherwise. Between the steps of prompts all answers that have begun take a step together, or several, up to a
/// share of the time.
///
/// A request starts when its prompt is next, not before: one that only waits has no keys and values.
///
/// A value without clock, tasks or device: times come in as arguments, in seconds from any beginning.
package struct Scheduler: Sendable {
    /// What to do next.
    package enum Step: Sendable, Equatable {
        /// A step of this request's prompt.
        case prefill(JobID)
        /// A token of every answer of these requests.
        case decode([JobID])
    }

    /// What became of a request that came.
    package enum Admission: Sendable, Equatable {
        /// It waits, or can start.
        case accepted
        /// It would not fit if it were alone.
        case tooLarge
        /// Too many wait; it is likely to be accepted after so many seconds.
        case full(retryAfter: Int)
    }

    /// How far a request is.
    private enum Phase { case waiting, prefilling, decoding }

    private struct Job {
        var phase = Phase.waiting
        let memoryBytes: Int
        let arrival: Double
        /// The virtual time at which it would end under equal shares.
        let tag: Double
        var remaining: Double
        var overtaken = 0
    }

    package let limits: SchedulerLimits
    private var jobs: [JobID: Job] = [:]
    /// The tags of requests that would still be at work under equal shares, in order.
    private var virtualTags: [Double] = []
    private var virtualTime = 0.0
    /// Seconds of decoding that are owed for seconds of prompts.
    private var decodeCredit = 0.0
    /// Seconds by which answers had more time than prompts lately.
    private var decodeLead = 0.0
    /// Seconds of its own share that the oldest prompt has not had.
    private var oldestCredit = 0.0
    /// Whether the last step was of a prompt: then answers come next.
    private var mustDecode = false
    /// Units of work a second, as measured.
    private var speed: Double?

    /// A scheduler without requests.
    package init(limits: SchedulerLimits) { self.limits = limits }

    /// The requests that wait.
    package var waitingCount: Int { count(.waiting) }
    /// The requests that run.
    package var runningCount: Int { jobs.count - waitingCount }
    /// The bytes that running requests plan with.
    package var memoryInUse: Int {
        jobs.values.reduce(0) { $0 + ($1.phase == .waiting ? 0 : $1.memoryBytes) }
    }
    /// Whether nothing is left to do.
    package var isIdle: Bool { jobs.isEmpty }

    private func count(_ phase: Phase) -> Int { jobs.values.count { $0.phase == phase } }

    // MARK: Coming and going

    /// Takes a request that needs `memoryBytes` while it runs and has a prompt of `work`.
    package mutating func submit(_ id: JobID, memoryBytes: Int, work: Double, now: Double) -> Admission {
        guard memoryBytes <= limits.memoryBytes else { return .tooLarge }
        guard waitingCount < limits.waiting else { return .full(retryAfter: secondsUntilRoom) }
        let tag = virtualTime + work
        virtualTags.insert(tag, at: virtualTags.firstIndex { $0 > tag } ?? virtualTags.endIndex)
        jobs[id] = Job(memoryBytes: memoryBytes, arrival: now, tag: tag, remaining: work)
        return .accepted
    }

    /// Starts the waiting request whose prompt is next, if there is one and its memory is free.
    package mutating func admit() -> JobID? {
        let free = limits.memoryBytes - memoryInUse
        guard runningCount < limits.running else { return nil }
        var passed: [JobID] = []
        for id in prompts {
            guard let job = jobs[id], job.phase == .waiting else { return nil }
            if job.memoryBytes <= free {
                for earlier in passed { jobs[earlier]?.overtaken += 1 }
                jobs[id]?.phase = .prefilling
                return id
            }
            // What waits for memory is overtaken a few times; then memory is kept for it.
            guard job.overtaken < limits.overtakings else { return nil }
            passed.append(id)
        }
        return nil
    }

    /// Forgets a request that ended, for whatever reason.
    package mutating func remove(_ id: JobID) {
        jobs[id] = nil
        guard jobs.isEmpty else { return }
        virtualTags = []
        (virtualTime, decodeCredit, decodeLead, oldestCredit, mustDecode) = (0, 0, 0, 0, false)
    }

    /// The requests that waited or took longer than they may.
    package func expired(now: Double) -> [(id: JobID, wasWaiting: Bool)] {
        jobs.compactMap { id, job in
            let waiting = job.phase == .waiting
            let age = now - job.arrival
            return age > limits.totalSeconds || waiting && age > limits.waitSeconds ? (id, waiting) : nil
        }
    }

    // MARK: Steps

    /// The next step; nil when no request runs.
    package func next() -> Step? {
        let answers = ordered { $0 == .decoding }
        let prompts = prompts
        guard let prompt = prompts.first(where: { jobs[$0]?.phase == .prefilling }) else {
            return answers.isEmpty ? nil : .decode(answers)
        }
        let isOverdue = oldestCredit > 0 && decodeLead > 0 && prompt == prompts.min()
        let isAnswersTurn = mustDecode || decodeCredit > 0
        return answers.isEmpty || isOverdue || !isAnswersTurn ? .prefill(prompt) : .decode(answers)
    }

    /// Books a step of a prompt; `isDone` when the first tokens were drawn.
    package mutating func prefilled(_ id: JobID, work: Double, seconds: Double, isDone: Bool) {
        advanceVirtualTime(by: work)
        let prompts = prompts
        if prompts.count < 2 {
            oldestCredit = 0
        } else if id == prompts.min() {
            oldestCredit = max(-seconds, oldestCredit - seconds)
        } else {
            creditOldest(seconds, overtaken: Double(prompts.count { $0 < id }), limit: .infinity)
        }
        if work > 0, seconds > 0 {
            let measured = work / seconds
            speed = speed.map { 0.9 * $0 + 0.1 * measured } ?? measured
        }
        jobs[id]?.remaining -= work
        // A first token is soon followed by the second: else prompts would be done, and wait as answers.
        decodeLead = isDone ? 0 : max(-seconds, decodeLead - seconds)
        if isDone { jobs[id]?.phase = .decoding }
        let decoding = Double(count(.decoding))
        guard decoding > 0 else { return }
        mustDecode = true
        let waiting = max(1, Double(jobs.count) - decoding)
        let share = min(limits.decodeShare, decoding / (decoding + waiting))
        decodeCredit = max(0, decodeCredit) + seconds * share / (1 - share)
    }

    /// Books a token of every answer.
    package mutating func decoded(seconds: Double) {
        mustDecode = false
        let prompts = prompts
        let answers = ordered { $0 == .decoding }
        guard !prompts.isEmpty, !answers.isEmpty else {
            (decodeCredit, decodeLead) = (0, 0)
            return
        }
        decodeCredit -= seconds
        decodeLead = min(decodeLead + seconds, seconds)
        // Answers to requests that came before the prompts overtook none of them.
        let overtaken = answers.reduce(0) { sum, answer in sum + prompts.count { $0 < answer } }
        creditOldest(seconds, overtaken: Double(overtaken) / Double(answers.count), limit: 1)
    }

    /// Gives the oldest prompt its share for `seconds` that requests had who overtook so many prompts, at most `limit`
    /// times as much.
    private mutating func creditOldest(_ seconds: Double, overtaken: Double, limit: Double) {
        // What it has not had yet, for lack of memory, must not add up: it would hold up all others later.
        guard oldestCredit <= 0 else { return }
        let (least, most) = (limits.oldestShare.lowerBound, limits.oldestShare.upperBound)
        let ratio = min(overtaken * least / (1 - least), most / (1 - most), limit)
        oldestCredit += seconds * ratio
    }

    // MARK: Order

    /// The requests whose prompts are not through, the one that is next first.
    private var prompts: [JobID] {
        var order = ordered { $0 != .decoding }
        if oldestCredit > 0, let oldest = order.indices.min(by: { order[$0] < order[$1] }) {
            order.insert(order.remove(at: oldest), at: 0)
        }
        return order
    }

    private func ordered(where isIncluded: (Phase) -> Bool) -> [JobID] {
        jobs.filter { isIncluded($0.value.phase) }.sorted { ($0.value.tag, $0.key) < ($1.value.tag, $1.key) }
            .map(\.key)
    }

    /// Shares `work` equally among the requests that are at work under equal shares.
    private mutating func advanceVirtualTime(by work: Double) {
        var work = work
        while work > 0, let first = virtualTags.first {
            let needed = (first - virtualTime) * Double(virtualTags.count)
            if needed > work {
                virtualTime += work / Double(virtualTags.count)
                return
            }
            work -= max(0, needed)
            virtualTime = max(virtualTime, first)
            virtualTags.removeFirst()
        }
    }

    /// When a place to wait is likely to be free: half of the work that is left, at the measured speed.
    private var secondsUntilRoom: Int {
        let work = jobs.values.reduce(0) { $0 + max(0, $1.remaining) }
        guard let speed, speed > 0 else { return 5 }
        return max(1, min(600, Int((work / speed / 2).rounded(.up))))
    }
}
