/// What a running `for` knows of itself: the variable `loop`.
final class LoopState: Releasable {
    let statement: TemplateLoop
    /// The variables around the loop.
    let scope: TemplateScope
    /// How many times a recursive loop has called itself here.
    let nesting: Int
    private(set) var iterator: ValueIterator
    /// The number of elements, once it is known.
    var knownCount: Int?
    /// Elements that were read ahead.
    private var pending: [RuntimeValue] = []
    private var pendingStart = 0
    /// The number of the current iteration, from 0.
    private(set) var index = -1
    private(set) var previous: RuntimeValue?
    private(set) var current: RuntimeValue?
    /// What `loop.changed` saw last.
    var lastChecked: RuntimeValue?

    init(
        _ statement: TemplateLoop, scope: TemplateScope, nesting: Int, iterator: ValueIterator, count: Int?
    ) {
        self.statement = statement
        self.scope = scope
        self.nesting = nesting
        self.iterator = iterator
        knownCount = statement.condition == nil ? count : nil
    }

    /// The element that was read ahead next.
    var firstPending: RuntimeValue? { pendingStart < pending.count ? pending[pendingStart] : nil }

    /// How many elements were read ahead.
    var pendingCount: Int { pending.count - pendingStart }

    /// Keeps an element that was read ahead.
    func append(pending value: RuntimeValue) { pending.append(value) }

    /// Takes the element that was read ahead first.
    func takePending() -> RuntimeValue? {
        guard let value = firstPending else { return nil }
        pendingStart += 1
        if pendingStart == pending.count {
            pending = []
            pendingStart = 0
        }
        return value
    }

    /// Goes on to an element.
    func advance(to value: RuntimeValue) {
        index += 1
        previous = current
        current = value
    }

    func release() {
        iterator = ValueIterator([])
        (pending, pendingStart) = ([], 0)
        (previous, current, lastChecked) = (nil, nil, nil)
    }
}
