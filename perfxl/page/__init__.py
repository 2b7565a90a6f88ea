"""填报自检.html: perfxl, Python for the browser and some forms in one file that checks workbooks without a network."""
