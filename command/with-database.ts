import { type Database, openDatabase } from "../master/database/database.ts";
import { ProblemError } from "../wire/problem.ts";
import { UsageError } from "./command.ts";

/**
 * Opens the master's database beside a master that may be running, and closes it afterwards. What the master
 * would answer to a client as a problem is the caller's mistake here.
 */
export async function withDatabase<T>(folder: string, use: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(folder);
  try {
    return await use(db);
  } catch (error) {
    if (error instanceof ProblemError) throw new UsageError(error.message);
    throw error;
  } finally {
    db.close();
  }
}
