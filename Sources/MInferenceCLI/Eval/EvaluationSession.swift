import ArgumentParser
import Evaluation
import JSON
import MInference

/// One run of an evaluation: its records, the workers, and what Ctrl-C does.
final class EvaluationSession {
    let store: RecordStore
    let workers: WorkerGroup
    /// What results of the model depend on.
    let identity: String
    private let interrupt: Interrupt
    private let options: ModelOptions
    private let evaluation: EvaluationOptions
    private let name: String

    /// Opens the records first, so that a folder that cannot be written to costs no time, then loads the model.
    ///
    /// - Parameters:
    ///   - name: The evaluation's.
    ///   - expected: How many records there will be at most.
    ///   - longest: The most tokens of a prompt.
    ///   - parallel: How many workers; nil for as many as threads and memory allow.
    init(
        _ name: String, expected: Int, longest: Int, parallel: Int?, model: ModelOptions,
        evaluation: EvaluationOptions
    ) async throws {
        store = try RecordStore(folder: evaluation.folder(name), expected: expected)
        let stop = StopSignal()
        workers = try await Workers.load(model, count: parallel, length: longest, stop: stop)
        identity = try Provenance.identity(model: workers.models[0], options: model)
        interrupt = Interrupt {
            stop.raise()
            Terminal.note("finishing the prompts at work; Ctrl-C again to stop at once")
        }
        options = model
        self.evaluation = evaluation
        self.name = name
    }

    /// The model; other workers are copies of it.
    var model: ModelContainer { workers.models[0] }

    /// Notes in the file what this run is, unless there is nothing left to do.
    func begin(done: Int, count: Int) async throws {
        if done > 0 { Terminal.note("\(done) of \(count) results are there already") }
        guard done < count else { return }
        try await store.begin(
            Provenance.json(model: model, options: options, parallel: workers.models.count))
    }

    /// Writes and prints what there is; an interrupted run fails.
    func finish(_ results: some EvaluationResults, isComplete: Bool) throws {
        defer { withExtendedLifetime(interrupt) {} }
        try results.write(to: evaluation.folder(name))
        try Terminal.print(
            evaluation.json ? results.text : results.about.line + "\n\n" + results.markdown, terminator: "")
        guard isComplete else {
            Terminal.note("interrupted; the same command goes on from here")
            throw ExitCode.failure
        }
    }
}
