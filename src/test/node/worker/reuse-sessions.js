import puppeteer from "@cloudflare/puppeteer";


export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    let reqUrl = url.searchParams.get("url") || "https://example.com";
    reqUrl = new URL(reqUrl).toString(); // normalize


    // Pick random session from open sessions
    let sessionId = await this.getRandomSession(env.MYBROWSER);
    let browser, launched;
    if (sessionId) {
      try {
        browser = await puppeteer.connect(env.MYBROWSER, sessionId);
      } catch (e) {
        // another worker may have connected first
        console.log(`Failed to connect to ${sessionId}. Error ${e}`);
      }
    }
    if (!browser) {
      // No open sessions, launch new session
      browser = await puppeteer.launch(env.MYBROWSER);
      launched = true;
    }


    sessionId = browser.sessionId(); // get current session id


    // Do your work here
    const page = await browser.newPage();
    const response = await page.goto(reqUrl);
    const html = await response.text();


    // All work done, so free connection (IMPORTANT!)
    browser.disconnect();


    return new Response(
      `${launched ? "Launched" : "Connected to"} ${sessionId} \n-----\n` + html,
      {
        headers: {
          "content-type": "text/plain",
        },
      },
    );
  },


  // Pick random free session
  // Other custom logic could be used instead
  async getRandomSession(endpoint) {
    const sessions = await puppeteer.sessions(endpoint);
    console.log(`Sessions: ${JSON.stringify(sessions)}`);
    const sessionsIds = sessions
      .filter((v) => {
        return !v.connectionId; // remove sessions with workers connected to them
      })
      .map((v) => {
        return v.sessionId;
      });
    if (sessionsIds.length === 0) {
      return;
    }


    const sessionId =
      sessionsIds[Math.floor(Math.random() * sessionsIds.length)];


    return sessionId;
  },
};
