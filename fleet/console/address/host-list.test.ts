import { expect, test } from "vitest";
import { hostListQuery, nextSort, readHostList, writeHostList } from "./host-list.ts";

const read = (text: string) => readHostList(new URLSearchParams(text));

test("filter, words and order survive the address", () => {
  const ask = read("selector=link%3Dlost%2Csite%3Dfra2&q=web+01&sort=-power");
  expect(ask).toEqual({
    selector: "link=lost,site=fra2",
    words: "web 01",
    sort: { key: "power", isDescending: true },
  });
  expect(readHostList(new URLSearchParams(writeHostList(ask).split("?")[1]))).toEqual(ask);
});

test("the usual list has a bare address", () => {
  expect(writeHostList(read(""))).toBe("/hosts");
});

test("an order that does not exist is by name", () => {
  expect(read("sort=-constructor").sort).toEqual({ key: "name", isDescending: false });
});

test("the manager is not sent an empty selector", () => {
  expect(hostListQuery({ ...read(""), limit: 50, cursor: null })).toBe("sort=name&limit=50");
  expect(hostListQuery({ ...read("q=a&sort=-cpu"), cursor: "c=1" })).toBe(
    "q=a&sort=-cpu&cursor=c%3D1",
  );
});

test("figures sort from the highest, names from a, and a second click turns round", () => {
  const byName = read("").sort;
  expect(nextSort(byName, "cpu")).toEqual({ key: "cpu", isDescending: true });
  expect(nextSort(nextSort(byName, "cpu"), "cpu")).toEqual({ key: "cpu", isDescending: false });
  expect(nextSort(byName, "name")).toEqual({ key: "name", isDescending: true });
});

test("how many rows are shown survives the address, within reason", () => {
  expect(read("rows=300").rows).toBe(300);
  expect(writeHostList(read("rows=300"))).toBe("/hosts?rows=300");
  expect(read("rows=99999").rows).toBe(10_000);
  for (const usual of ["", "rows=100", "rows=-5", "rows=many"]) {
    expect(writeHostList(read(usual))).toBe("/hosts");
  }
});
