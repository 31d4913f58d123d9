extension TemplateInterpreter {
    /// A comparison operator.
    func compare(
        _ left: RuntimeValue, _ operation: TemplateComparison, _ right: RuntimeValue
    ) throws(Failure) -> Bool {
        switch operation {
        case .equal: return try equal(left, right)
        case .notEqual: return try !equal(left, right)
        case .less: return try less(left, right)
        case .greater: return try less(right, left)
        case .lessOrEqual: return try lessOrEqual(left, right)
        case .greaterOrEqual: return try lessOrEqual(right, left)
        case .contained: return try contains(right, left)
        case .notContained: return try !contains(right, left)
        }
    }

    // MARK: Equality

    /// Python's `==`: numbers of all types compare by value, containers by their elements.
    func equal(_ left: RuntimeValue, _ right: RuntimeValue) throws(Failure) -> Bool {
        try enter()
        defer { leave() }
        if let left = left.index, let right = right.index { return left == right }
        if let left = number(left), let right = number(right) { return left == right }
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let left), .string(let right)):
            if left.utf8.count == right.utf8.count { try charge(left) }
            return PythonText.equal(left, right)
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return left === right ? true : try equal(left.elements, right.elements)
        case (.dictionary(let left), .dictionary(let right)): return try equal(left, right)
        case (.range(let left), .range(let right)):
            return left.count == right.count
                && (left.count == 0
                    || left.start == right.start && (left.count == 1 || left.step == right.step))
        case (.view(let left), .view(let right)):
            return left.kind == right.kind && left.dictionary === right.dictionary
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.macro(let left), .macro(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        case (.function(let left), .function(let right)): return left == right
        default: return false
        }
    }

    private func equal(_ left: [RuntimeValue], _ right: [RuntimeValue]) throws(Failure) -> Bool {
        guard left.count == right.count else { return false }
        for (left, right) in zip(left, right) {
            guard try equal(left, right) else { return false }
        }
        return true
    }

    private func equal(_ left: DictionaryBox, _ right: DictionaryBox) throws(Failure) -> Bool {
        guard left.count == right.count else { return false }
        for (key, value) in zip(left.keys, left.values) {
            guard let other = right[try self.key(key)], try equal(value, other) else { return false }
        }
        return true
    }

    // MARK: Order

    /// Python's `<`: numbers, texts by code points, lists and tuples element by element.
    func less(_ left: RuntimeValue, _ right: RuntimeValue) throws(Failure) -> Bool {
        try order(left, right) < 0
    }

    private func lessOrEqual(_ left: RuntimeValue, _ right: RuntimeValue) throws(Failure) -> Bool {
        if let left = number(left), let right = number(right), left.isNaN || right.isNaN { return false }
        return try order(left, right) <= 0
    }

    /// Below, at or above zero as `left` comes before, with or after `right`; not-a-number is after everything.
    private func order(_ left: RuntimeValue, _ right: RuntimeValue) throws(Failure) -> Int {
        try enter()
        defer { leave() }
        if let left = left.index, let right = right.index { return left < right ? -1 : left == right ? 0 : 1 }
        if let left = number(left), let right = number(right) {
            return left < right ? -1 : left == right ? 0 : 1
        }
        switch (left, right) {
        case (.undefined(let reason), _), (_, .undefined(let reason)): throw failure(reason)
        case (.string(let left), .string(let right)):
            try charge(left.utf8.count < right.utf8.count ? left : right)
            return PythonText.precedes(left, right) ? -1 : PythonText.equal(left, right) ? 0 : 1
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (left, right) in zip(left.elements, right.elements) where try !equal(left, right) {
                return try order(left, right)
            }
            let (left, right) = (left.elements.count, right.elements.count)
            return left < right ? -1 : left == right ? 0 : 1
        default:
            throw failure("types \(left.typeName) and \(right.typeName) have no order")
        }
    }

    // MARK: Membership

    /// Python's `element in container`.
    func contains(_ container: RuntimeValue, _ element: RuntimeValue) throws(Failure) -> Bool {
        switch container {
        case .string(let text):
            if case .undefined(let reason) = element { throw failure(reason) }
            guard case .string(let part) = element else {
                throw failure("'in' a text expects a text, found a value of type \(element.typeName)")
            }
            try charge(text)
            try charge(part)
            return part.isEmpty || !PythonText.offsets(of: part, in: text, limit: 1).isEmpty
        case .dictionary(let box): return try sought(element).flatMap { box[$0] } != nil
        case .view(let view) where view.kind == .keys:
            return try sought(element).flatMap { view.dictionary[$0] } != nil
        default:
            let iterator = try makeIterator(over: container, for: "'in'")
            while let candidate = iterator.next() {
                if try equal(candidate, element) { return true }
            }
            return false
        }
    }
}
