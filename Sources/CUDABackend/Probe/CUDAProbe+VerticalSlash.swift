import CUDAKernels
import Compute
import SparseAttention

extension CUDAProbe {
    func lastRowSums(heads: [Int], rows: Int) throws -> [LineSums] {
        let count = min(max(rows, 1), shape.queryCount, MI_ESTIMATE_MAX_ROWS)
        return try rowSums(heads: heads, rows: shape.queryCount - count..<shape.queryCount)
    }

    /// The rows are the last ones of a call that ends with them.
    func rowSums(heads: [Int], rows: Range<Int>) throws -> [LineSums] {
        try backend.checkCancellation()
        var ending = shape
        ending.queryCount = rows.upperBound
        let sums = try backend.lineSums(
            queries: queries.rows(0..<rows.upperBound), cache: cache, shape: ending, scale: scale,
            rows: rows.count)
        return try heads.map { head in
            LineSums(
                columns: try backend.download(sums.columns(head), count: ending.keyCount, as: Float.self),
                distances: try backend.download(
                    sums.distances(head), count: ending.keyCount, as: Float.self),
                rows: sums.rows)
        }
    }

    func verticalSlash(_ requests: [VerticalSlashRequest]) throws -> [SlashIndex] {
        try backend.checkCancellation()
        let rows = min(shape.queryCount, MI_ESTIMATE_MAX_ROWS)
        // Heads share budgets, and a plan of a long prompt takes a moment.
        var known: [VerticalSlashBudget: VerticalSlashPlan] = [:]
        let plans = requests.map { request in
            if let plan = known[request.budget] { return plan }
            let plan = VerticalSlashPlan(request.budget, rows: rows, shape: shape, geometry: geometry)
            known[request.budget] = plan
            return plan
        }
        let search = VerticalSlashSearch(backend, plans: plans, lineCount: shape.keyCount)
        guard search.needsSums else { return [SlashIndex](repeating: .dense, count: requests.count) }
        let sums = try backend.lineSums(
            queries: queries, cache: cache, shape: shape, scale: scale, rows: rows)
        return try search.indexes(sums, heads: requests.map(\.head))
    }
}
