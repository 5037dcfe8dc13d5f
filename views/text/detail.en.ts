/** Text of the overview and of the pages of single objects. */
export const detailEn = {
  overview: "Overview",
};
