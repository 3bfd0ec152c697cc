import Consolidation
import Testing

struct ClassVotesTests {
    /// The model of what workers 0, 1, 2 … chose for each object.
    private func model(_ choices: [[Int]], workerCount: Int, classCount: Int) -> ClassVotes {
        let votes = choices.flatMap { row in row.enumerated().map { ClassVotes.Vote(worker: $0.offset, choice: $0.element) } }
        return ClassVotes(votes: votes, counts: choices.map { Int32($0.count) }, workerCount: workerCount, classCount: classCount)
    }

    @Test func theMajorityWinsWhereWorkersAreAlike() {
        let model = model([[0, 0, 1], [1, 1, 0], [2, 2, 2]], workerCount: 3, classCount: 3)
        #expect((0..<3).map { model.best(of: $0).choice } == [0, 1, 2])
    }

    @Test func twoCarelessWorkersDoNotOutvoteOneWhoAgreesWithEverybodyElse() {
        // Workers 0 to 2 agree on forty objects; 3 and 4 answer 0 whatever is asked.
        var rows = (0..<40).map { [$0 % 2, $0 % 2, $0 % 2, 0, 0] }
        rows.append([1, 1, 0, 0, 0])
        let model = model(rows, workerCount: 5, classCount: 2)
        #expect(model.best(of: 40).choice == 1)
    }

    @Test func anObjectWithoutVotesHasTheClassesShares() {
        let model = model([[0], [0], [0], []], workerCount: 1, classCount: 2)
        #expect(model.chances[6] > 0.5)
        #expect(abs(model.chances[6] + model.chances[7] - 1) < 1e-12)
    }
}
