/** Why a job has nothing to do for a worker, in a sentence; `null` when it has. */
export function waitingSentence(job) {
  if (job.held || job.open) return null;
  if (job.status === "Initializing") return "The job is being prepared. Its tasks come soon.";
  if (job.status !== "InProgress") return "The job has ended. Thank you.";
  if (job.waiting) return "No tasks now: the batch is being finished. New tasks come as soon as others have answered theirs.";
  if (job.elsewhere) return "No tasks for you now: others have the last ones. One that is given back comes here.";
  return "Everything is answered. Thank you.";
}
