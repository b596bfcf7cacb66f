export const sampleAccountId = "1029384756102938";

/** Times so many days ago, as the cloud writes them. */
export type Clock = (days: number) => string;
