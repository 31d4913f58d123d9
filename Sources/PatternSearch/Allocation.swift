import SparseAttention

/// What can be bought.
package protocol Priced {
    /// Seconds, or pairs; see `KernelCost`.
    var cost: Double { get }
}

extension SearchPoint: Priced {}

/// Spends one budget over heads, or over layers, where it buys most.
///
/// Of every head only the points on the lower convex hull of loss over cost can be best for some price of time; each
/// head starts at its cheapest one, and the step of the steepest slope anywhere is taken until the budget is spent. What
/// is left over goes to the next steps that still fit.
package enum Allocation {
    /// The points on the lower convex hull, cheapest first; losses strictly fall. Of equal points the first is kept.
    package static func hull<Point: Priced>(_ points: [Point], loss: (Point) -> Double) -> [Point] {
        let sorted = points.enumerated().sorted { a, b in
            let (left, right) = (a.element, b.element)
            if left.cost != right.cost { return left.cost < right.cost }
            let (leftLoss, rightLoss) = (loss(left), loss(right))
            return leftLoss != rightLoss ? leftLoss < rightLoss : a.offset < b.offset
        }.map(\.element)
        var hull: [Point] = []
        for point in sorted {
            if let last = hull.last, loss(point) >= loss(last) { continue }
            // The middle of three goes when the line of the outer two lies below it.
            while hull.count >= 2,
                slope(hull[hull.count - 2], hull[hull.count - 1], loss)
                    <= slope(hull[hull.count - 1], point, loss)
            { hull.removeLast() }
            hull.append(point)
        }
        return hull
    }

    /// The loss that a unit of cost saves between two points.
    private static func slope<Point: Priced>(_ from: Point, _ to: Point, _ loss: (Point) -> Double) -> Double
    {
        to.cost > from.cost ? (loss(from) - loss(to)) / (to.cost - from.cost) : .infinity
    }

    /// One point of each list: of `choices[i]`, whose losses count `weights[i]` times, such that all costs together
    /// stay within `budget` where the cheapest points do.
    package static func spend<Point: Priced>(
        _ budget: Double, choices: [[Point]], weights: [Double], loss: (Point) -> Double
    ) -> [Point] {
        let hulls = choices.map { hull($0, loss: loss) }
        var places = [Int](repeating: 0, count: hulls.count)
        var spent = hulls.reduce(0) { $0 + $1[0].cost }
        var open = Set(hulls.indices)
        while true {
            var best: (head: Int, slope: Double)?
            for head in open.sorted() {
                let next = places[head] + 1
                guard next < hulls[head].count else { continue }
                let (from, to) = (hulls[head][places[head]], hulls[head][next])
                let gain = weights[head] * slope(from, to, loss)
                if gain > best?.slope ?? 0 { best = (head, gain) }
            }
            guard let head = best?.head else { break }
            let step = hulls[head][places[head] + 1].cost - hulls[head][places[head]].cost
            if spent + step > budget {
                open.remove(head)
            } else {
                spent += step
                places[head] += 1
            }
        }
        return zip(hulls, places).map { $0[$1] }
    }

    /// The cheapest way over all heads to a mean recall of at least `recall`, by the same steps.
    package static func reach(recall: Double, heads: [[SearchPoint]]) -> [SearchPoint] {
        let hulls = heads.map { hull($0) { 1 - $0.recall } }
        var places = [Int](repeating: 0, count: hulls.count)
        func mean() -> Double {
            zip(hulls, places).reduce(0) { $0 + $1.0[$1.1].recall } / Double(max(hulls.count, 1))
        }
        while mean() < recall {
            var best: (head: Int, slope: Double)?
            for head in hulls.indices where places[head] + 1 < hulls[head].count {
                let gain = slope(hulls[head][places[head]], hulls[head][places[head] + 1]) { 1 - $0.recall }
                if gain > best?.slope ?? 0 { best = (head, gain) }
            }
            guard let head = best?.head else { break }
            places[head] += 1
        }
        return zip(hulls, places).map { $0[$1] }
    }
}
