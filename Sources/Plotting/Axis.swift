#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What one direction of a panel measures.
public struct Axis: Sendable, Hashable {
    /// How values map to lengths.
    public enum Scale: Sendable, Hashable {
        /// Equal differences are equal lengths.
        case linear
        /// Equal ratios are equal lengths; values are positive.
        case logarithmic
    }

    /// A marked value.
    public struct Tick: Sendable, Hashable {
        /// Where.
        public var value: Double
        /// What stands there.
        public var label: String

        /// A tick.
        public init(_ value: Double, _ label: String) {
            self.value = value
            self.label = label
        }
    }

    /// What is measured, with its unit.
    public var label: String
    /// The values at both ends; the first stands at the left or at the bottom, so a larger first one turns the axis.
    public var domain: (Double, Double) {
        get { (lower, upper) }
        set { (lower, upper) = newValue }
    }
    /// How values map to lengths.
    public var scale: Scale
    /// Marked values; round ones are chosen when there are none.
    public var ticks: [Tick]
    private var lower: Double
    private var upper: Double

    /// An axis; the ends of `domain` differ, and are positive on a logarithmic scale.
    public init(
        _ label: String, from first: Double, to last: Double, scale: Scale = .linear, ticks: [Tick] = []
    ) {
        precondition(first != last && first.isFinite && last.isFinite, "an axis has an extent")
        precondition(scale == .linear || first > 0 && last > 0, "a logarithmic axis is positive")
        self.label = label
        self.scale = scale
        self.ticks = ticks
        (lower, upper) = (first, last)
    }

    /// An axis of named places 0, 1, 2..., each one unit wide.
    public static func categories(_ label: String, _ names: [String]) -> Axis {
        Axis(
            label, from: -0.5, to: Double(max(names.count, 1)) - 0.5,
            ticks: names.enumerated().map { Tick(Double($0.offset), $0.element) })
    }

    /// Where a value lies: 0 at the first end, 1 at the last.
    package func share(of value: Double) -> Double {
        switch scale {
        case .linear: (value - lower) / (upper - lower)
        case .logarithmic: log(max(value, .leastNormalMagnitude) / lower) / log(upper / lower)
        }
    }

    /// The given ticks within the domain, or round ones.
    package var shownTicks: [Tick] {
        let chosen =
            ticks.isEmpty
            ? (scale == .linear ? Self.roundTicks(min(lower, upper), max(lower, upper)) : decades) : ticks
        return chosen.filter { (-1e-9...1 + 1e-9).contains(share(of: $0.value)) }
    }

    /// Multiples of 1, 2 or 5 times a power of ten, four to nine of them.
    package static func roundTicks(_ low: Double, _ high: Double) -> [Tick] {
        let rough = (high - low) / 6
        let power = Int(floor(log10(rough)))
        let unit = pow(10, Double(power))
        let step = [1, 2, 5, 10].first { Double($0) * unit >= rough } ?? 10
        let first = Int((low / (Double(step) * unit) - 1e-9).rounded(.up))
        let last = Int((high / (Double(step) * unit) + 1e-9).rounded(.down))
        guard first <= last else { return [] }
        return (first...last).map { multiple in
            // Dividing by a whole power of ten rounds to the nearest double, which prints short.
            let value =
                power < 0
                ? Double(multiple * step) / pow(10, Double(-power)) : Double(multiple * step) * unit
            return Tick(value, text(value))
        }
    }

    /// Powers of ten; where the domain has fewer than three of them, also their doubles and fives.
    private var decades: [Tick] {
        let (low, high) = (min(lower, upper), max(lower, upper))
        let powers = Int(floor(log10(low)))...Int(log10(high).rounded(.up))
        let isNarrow = high / low < 1000
        let stride = max((powers.count - 2) / 8, 1)
        return powers.filter { (powers.upperBound - $0) % stride == 0 }.flatMap { power in
            (isNarrow ? [1, 2, 5] : [1]).map { factor in
                // Dividing by a whole power of ten rounds to the nearest double, which prints short.
                let value =
                    power < 0
                    ? Double(factor) / pow(10, Double(-power)) : Double(factor) * pow(10, Double(power))
                return Tick(value, (-3...3).contains(power) ? Self.text(value) : "\(factor)e\(power)")
            }
        }
    }

    /// A number as people write it: `12`, `0.25`.
    static func text(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
