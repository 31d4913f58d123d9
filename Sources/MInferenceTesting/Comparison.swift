/// How far an array of numbers is from the expected one.
///
///     let comparison = Comparison(found, expected)
///     #expect(comparison.relativeError < 1e-5, "\(comparison)")
package struct Comparison: Sendable, CustomStringConvertible {
    /// The Frobenius norm of the difference over that of the expected numbers; infinite when the counts
    /// differ or a found number is NaN or infinite.
    package let relativeError: Double
    /// The largest absolute difference; infinite like `relativeError`.
    package let largestDifference: Double
    /// Where the difference is largest, or where the first NaN or infinite number is.
    package let worstIndex: Int
    private let detail: String

    /// Compares two arrays element by element, in float64.
    package init<Found: BinaryFloatingPoint, Expected: BinaryFloatingPoint>(
        _ found: some Collection<Found>, _ expected: some Collection<Expected>
    ) {
        var (errorSquares, squares, largest) = (0.0, 0.0, -1.0)
        var worst: (index: Int, found: Double, expected: Double) = (0, 0, 0)
        for (index, pair) in zip(found, expected).enumerated() {
            let (value, reference) = (Double(pair.0), Double(pair.1))
            let difference = value.isFinite ? abs(value - reference) : .infinity
            errorSquares += difference * difference
            squares += reference * reference
            if difference > largest {
                largest = difference
                worst = (index, value, reference)
            }
        }
        worstIndex = worst.index
        guard found.count == expected.count else {
            (relativeError, largestDifference) = (.infinity, .infinity)
            detail = "\(found.count) numbers, expected \(expected.count)"
            return
        }
        largestDifference = max(0, largest)
        relativeError = errorSquares == 0 ? 0 : (errorSquares / squares).squareRoot()
        detail =
            "relative error \(relativeError), worst at \(worst.index): \(worst.found), expected \(worst.expected)"
    }

    /// The error, and the worst element with its expected value.
    package var description: String { detail }
}
