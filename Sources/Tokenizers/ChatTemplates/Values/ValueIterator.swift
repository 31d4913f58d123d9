/// Goes over a value's elements once. Lists are read live: what is appended during a loop is met by it.
final class ValueIterator {
    enum Source {
        case list(SequenceBox)
        case values([RuntimeValue])
        case range(RangeValue)
        case scalars(String.UnicodeScalarView.Iterator)
    }

    private var source: Source
    private var position = 0
    /// How deep containers nest in the elements, plus one.
    let depth: Int

    init(_ source: Source) {
        self.source = source
        switch source {
        case .list(let box): depth = box.depth + 1
        case .values(let values): depth = 1 + (values.lazy.map(\.depth).max() ?? 0)
        case .range, .scalars: depth = 1
        }
    }

    /// Over given values.
    convenience init(_ values: [RuntimeValue]) { self.init(.values(values)) }

    /// The next element, or nil at the end.
    func next() -> RuntimeValue? {
        switch source {
        case .list(let box):
            guard position < box.elements.count else { return nil }
            defer { position += 1 }
            return box.elements[position]
        case .values(let values):
            guard position < values.count else { return nil }
            defer { position += 1 }
            return values[position]
        case .range(let range):
            guard position < range.count else { return nil }
            defer { position += 1 }
            return .int(range[position])
        case .scalars(var iterator):
            guard let scalar = iterator.next() else { return nil }
            source = .scalars(iterator)
            return .string(String(scalar))
        }
    }
}
