// Speaks to the page API. A refusal becomes an Error whose message can be shown.

export async function get(path) {
  return read(await fetch(path));
}

export async function post(path, body) {
  return read(await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

async function read(response) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? "This did not work.");
  return answer;
}
