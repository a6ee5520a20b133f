/** The sample's name in addresses, and what is given as the source to connect it. */
export const SAMPLE_REPO = "parcel-desk";
export const SAMPLE_SOURCE = "sample:";
