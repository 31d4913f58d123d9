extension TemplateInterpreter {
    /// `value[index]`, where the index counts from the end when it is negative; nil when there is none.
    func item(at index: Int, of value: RuntimeValue) throws(Failure) -> RuntimeValue? {
        if case .string(let text) = value { return try scalar(at: index, of: text).map { .string($0) } }
        let count: Int
        switch value {
        case .list(let box), .tuple(let box): count = box.elements.count
        case .range(let range): count = range.count
        default: return nil
        }
        let position = index < 0 ? index &+ count : index
        guard position >= 0, position < count else { return nil }
        switch value {
        case .list(let box), .tuple(let box): return box.elements[position]
        case .range(let range): return .int(range[position])
        default: return nil
        }
    }

    private func scalar(at index: Int, of text: String) throws(Failure) -> String? {
        let scalars = text.unicodeScalars
        let size = text.utf8.count
        guard index < size, index >= -size else { return nil }
        try charge(1 + min(Int(index.magnitude), size) >> 5)
        if index >= 0 {
            guard let place = scalars.index(scalars.startIndex, offsetBy: index, limitedBy: scalars.endIndex),
                place < scalars.endIndex
            else { return nil }
            return String(scalars[place])
        }
        guard let place = scalars.index(scalars.endIndex, offsetBy: index, limitedBy: scalars.startIndex)
        else {
            return nil
        }
        return String(scalars[place])
    }

    /// `value[start:stop:step]` with Python's rules for missing and negative bounds.
    func slice(_ value: RuntimeValue, _ start: Int?, _ stop: Int?, _ step: Int) throws(Failure)
        -> RuntimeValue
    {
        guard step != 0 else { throw failure("a slice expects a step that is not zero") }
        switch value {
        case .undefined(let reason): throw failure(reason)
        case .string, .list, .tuple, .range: break
        default: throw failure("a value of type \(value.typeName) has no slices")
        }
        let (start, stop) = Self.bounds(start, stop, step, count: try count(of: value))
        switch value {
        case .string(let text):
            if step == 1 { return try string(start < stop ? Self.scalars(start..<stop, of: text) : "") }
            let scalars = Array(text.unicodeScalars)
            var result = String.UnicodeScalarView()
            result.append(contentsOf: try positions(start, stop, step).lazy.map { scalars[$0] })
            return try string(String(result))
        case .list(let box): return try list(try positions(start, stop, step).map { box.elements[$0] })
        case .tuple(let box): return try tuple(try positions(start, stop, step).map { box.elements[$0] })
        case .range(let range):
            let (newStep, overflow) = range.step.multipliedReportingOverflow(by: step)
            guard !overflow else { throw limitFailure("the step of a range has more than 64 bits") }
            let count = try positions(start, stop, step).count
            return .range(RangeValue(start: range[start], stop: range[stop], step: newStep, count: count))
        default: return value
        }
    }

    /// The positions of a slice.
    private func positions(_ start: Int, _ stop: Int, _ step: Int) throws(Failure) -> [Int] {
        var positions: [Int] = []
        var position = start
        while step > 0 ? position < stop : position > stop {
            positions.append(position)
            let (next, overflow) = position.addingReportingOverflow(step)
            if overflow { break }
            position = next
        }
        try charge(positions.count)
        return positions
    }

    private static func scalars(_ range: Range<Int>, of text: String) -> String {
        let scalars = text.unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<scalars.index(start, offsetBy: range.count)])
    }

    private static func bounds(_ start: Int?, _ stop: Int?, _ step: Int, count: Int) -> (
        start: Int, stop: Int
    ) {
        let lowest = step > 0 ? 0 : -1
        let highest = step > 0 ? count : count - 1
        func clamped(_ bound: Int?, missing: Int) -> Int {
            guard let bound else { return missing }
            return min(max(bound < 0 ? bound &+ count : bound, lowest), highest)
        }
        return step > 0
            ? (clamped(start, missing: lowest), clamped(stop, missing: highest))
            : (clamped(start, missing: highest), clamped(stop, missing: lowest))
    }
}
