extension TemplateInterpreter {
    /// An iterator over a value's elements.
    func makeIterator(over value: RuntimeValue, for purpose: String) throws(Failure) -> ValueIterator {
        switch value {
        case .undefined: return ValueIterator([])
        case .string(let text): return ValueIterator(.scalars(text.unicodeScalars.makeIterator()))
        case .list(let box): return ValueIterator(.list(box))
        case .tuple(let box): return ValueIterator(.values(box.elements))
        case .dictionary(let box): return ValueIterator(.values(box.keys))
        case .view(let view): return ValueIterator(.values(view.elements))
        case .range(let range): return ValueIterator(.range(range))
        case .iterator(let iterator): return iterator
        case .loop: throw unsupported("going over the variable 'loop'")
        default: throw failure("\(purpose) expects a sequence, found a value of type \(value.typeName)")
        }
    }

    /// All elements of a value.
    func elements(of value: RuntimeValue, for purpose: String) throws(Failure) -> [RuntimeValue] {
        switch value {
        case .list(let box), .tuple(let box):
            try charge(box.elements.count)
            return box.elements
        default:
            let iterator = try makeIterator(over: value, for: purpose)
            var elements: [RuntimeValue] = []
            while let element = iterator.next() {
                try charge()
                elements.append(element)
            }
            return elements
        }
    }

    /// Python's `len`, or nil for what has none.
    func knownCount(of value: RuntimeValue) throws(Failure) -> Int? {
        switch value {
        case .undefined: return 0
        case .string(let text):
            try charge(text)
            return text.unicodeScalars.count
        case .list(let box), .tuple(let box): return box.elements.count
        case .dictionary(let box): return box.count
        case .view(let view): return view.dictionary.count
        case .range(let range): return range.count
        case .loop(let state): return try count(of: state)
        default: return nil
        }
    }

    /// Python's `len`.
    func count(of value: RuntimeValue) throws(Failure) -> Int {
        guard let count = try knownCount(of: value) else {
            throw failure("a value of type \(value.typeName) has no length")
        }
        return count
    }

    /// `range(start, stop, step)`, no longer than Jinja's sandbox allows.
    func range(_ start: Int, _ stop: Int, _ step: Int) throws(Failure) -> RangeValue {
        guard step != 0 else { throw failure("'range' expects a step that is not zero") }
        let isEmpty = step > 0 ? start >= stop : start <= stop
        var count = 0
        if !isEmpty {
            let (distance, overflow) = (step > 0 ? stop : start).subtractingReportingOverflow(
                step > 0 ? start : stop)
            let magnitude = step.magnitude
            guard !overflow,
                UInt(distance) - 1 < UInt(ChatTemplateLimits.rangeCount) * min(magnitude, 1 << 40)
            else {
                throw limitFailure("'range' has more than \(ChatTemplateLimits.rangeCount) elements")
            }
            count = Int((UInt(distance) - 1) / magnitude) + 1
        }
        return RangeValue(start: start, stop: stop, step: step, count: count)
    }
}
