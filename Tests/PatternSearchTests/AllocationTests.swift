import PatternSearch
import SparseAttention
import Testing

struct AllocationTests {
    private func point(_ cost: Double, recall: Double) -> SearchPoint {
        SearchPoint(
            pattern: .aShape(sinks: 1, local: Int(cost)), cost: cost, density: cost / 100, error: 1 - recall,
            recall: recall)
    }

    @Test func hullLeavesOutWhatIsNeverBest() {
        let points = [
            point(4, recall: 0.5), point(1, recall: 0.2), point(2, recall: 0.1), point(8, recall: 0.6),
            point(6, recall: 0.52), point(4, recall: 0.5),
        ]
        let hull = Allocation.hull(points) { 1 - $0.recall }
        #expect(hull.map(\.cost) == [1, 4, 8])
    }

    @Test func budgetGoesWhereItBuysMost() {
        let steep = [point(1, recall: 0.1), point(2, recall: 0.8), point(10, recall: 1)]
        let flat = [point(1, recall: 0.9), point(2, recall: 0.92), point(10, recall: 1)]
        let chosen = Allocation.spend(3, choices: [flat, steep], weights: [1, 1]) { 1 - $0.recall }
        #expect(chosen.map(\.cost) == [1, 2])
        let weighted = Allocation.spend(3, choices: [flat, steep], weights: [100, 1]) { 1 - $0.recall }
        #expect(weighted.map(\.cost) == [2, 1])
    }

    @Test func aStepThatDoesNotFitLeavesRoomForSmallerOnes() {
        let large = [point(1, recall: 0), point(50, recall: 1)]
        let small = [point(1, recall: 0), point(2, recall: 0.01)]
        let chosen = Allocation.spend(3, choices: [large, small], weights: [1, 1]) { $0.error }
        #expect(chosen.map(\.cost) == [1, 2])
    }

    /// Against all combinations: on convex points the greedy choice is the best one that its cost can buy.
    @Test func greedyIsOptimalOnConvexPoints() {
        let heads = [
            [point(1, recall: 0.2), point(2, recall: 0.6), point(3, recall: 0.8)],
            [point(1, recall: 0.1), point(2, recall: 0.2), point(3, recall: 0.25)],
            [point(1, recall: 0.5), point(2, recall: 0.75), point(3, recall: 0.85)],
        ]
        for budget in 3...9 {
            let chosen = Allocation.spend(Double(budget), choices: heads, weights: [1, 1, 1]) {
                1 - $0.recall
            }
            var best = 0.0
            for a in heads[0] {
                for b in heads[1] {
                    for c in heads[2] where a.cost + b.cost + c.cost <= Double(budget) {
                        best = max(best, a.recall + b.recall + c.recall)
                    }
                }
            }
            #expect(abs(chosen.reduce(0) { $0 + $1.recall } - best) < 1e-12)
        }
    }

    @Test func recallIsReachedAtLeastCost() {
        let heads = [
            [point(1, recall: 0.2), point(2, recall: 0.9)], [point(1, recall: 0.5), point(9, recall: 1)],
        ]
        #expect(Allocation.reach(recall: 0.7, heads: heads).map(\.cost) == [2, 1])
        #expect(Allocation.reach(recall: 0.99, heads: heads).map(\.cost) == [2, 9])
    }
}
