import CUDAKernels
import SparseAttention

extension CUDAProbe {
    func lastRowSums(heads: [Int], rows: Int) throws -> [LineSums] {
        try backend.checkCancellation()
        let sums = try backend.lineSums(
            queries: queries, cache: cache, shape: shape, scale: scale, rows: rows)
        return try heads.map { head in
            LineSums(
                columns: try backend.download(sums.columns(head), count: shape.keyCount, as: Float.self),
                distances: try backend.download(sums.distances(head), count: shape.keyCount, as: Float.self),
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
