// Ends this process when the one that started it is gone, however that ended: no test leaves a server behind.
const parent = process.ppid;

export function endWithParent() {
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 500).unref();
}
