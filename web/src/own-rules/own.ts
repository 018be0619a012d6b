/** Rules of the tool have ids like COV202; own ones are written in small letters. */
export const isOwn = (rule: string): boolean => !/^COV\d+$/.test(rule);
